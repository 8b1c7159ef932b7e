// What belongs together: one native select per left-hand item.
import { adopt, el, root } from './dom.js'

export default function ({ data, parentElement, setStateValue }) {
  const { picked, ...shown } = data
  const { box, memory, fresh } = root(parentElement, shown)
  const changed = adopt(memory, 'picked', picked)
  memory.send = () => setStateValue('picked', memory.picked)
  if (fresh) {
    const group = el('div', { class: 'match', role: 'group', 'aria-label': data.label })
    data.lefts.forEach((left, index) => {
      const select = el('select', { id: `pick-${index}` }, el('option', { value: '' }, 'Choose …'),
        ...data.rights.map((right, value) => el('option', { value }, right)))
      select.onchange = () => {
        memory.picked = memory.picked.map((old, place) => (place !== index ? old : select.value === '' ? null : Number(select.value)))
        memory.send()
      }
      group.append(el('div', { class: 'pair' }, el('label', { for: `pick-${index}` }, left), select))
    })
    box.append(group)
  }
  if (fresh || changed) {
    box.querySelectorAll('select').forEach((select, index) => { select.value = memory.picked[index] ?? '' })
  }
}
