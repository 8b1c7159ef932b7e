// Checkboxes as one element: the whole line is the target.
import { adopt, el, root } from './dom.js'

export default function ({ data, parentElement, setStateValue }) {
  const { ticked, ...shown } = data
  const { box, memory, fresh } = root(parentElement, shown)
  const changed = adopt(memory, 'ticked', ticked)
  memory.send = () => setStateValue('ticked', memory.ticked)
  if (fresh) {
    const group = el('div', { class: 'tick', role: 'group', 'aria-label': data.label })
    data.choices.forEach((choice, index) => {
      const input = el('input', { type: 'checkbox', id: `tick-${index}` })
      input.onchange = () => {
        const now = new Set(memory.ticked)
        input.checked ? now.add(index) : now.delete(index)
        memory.ticked = [...now].sort((a, b) => a - b)
        memory.send()
      }
      group.append(el('label', { for: `tick-${index}` }, input, el('span', {}, choice)))
    })
    box.append(group)
  }
  if (fresh || changed) {
    box.querySelectorAll('input').forEach((input, index) => { input.checked = memory.ticked.includes(index) })
  }
}
