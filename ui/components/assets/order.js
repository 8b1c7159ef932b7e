// Items put in order with ▲ and ▼, real buttons instead of dragging: the focus travels with the item.
import { adopt, el, root } from './dom.js'

export default function ({ data, parentElement, setStateValue }) {
  const { order, ...shown } = data
  const { box, memory, fresh } = root(parentElement, shown)
  const changed = adopt(memory, 'order', order)
  if (fresh) {
    box.append(el('ol', { class: 'order', 'aria-label': data.label }), el('p', { class: 'hide', role: 'status' }))
  }
  memory.send = (value) => setStateValue('order', value)
  if (fresh || changed) paint(box, data, memory)
}

function paint(box, data, memory) {
  const list = box.querySelector('ol')
  const last = memory.order.length - 1
  list.replaceChildren(...memory.order.map((item, place) => {
    const button = (step, sign, word, off) => el('button', {
      type: 'button', 'data-item': item, 'data-step': step, 'aria-disabled': off ? 'true' : null,
      'aria-label': `${word}: ${data.items[item]}`, onclick: () => move(box, data, memory, place, step),
    }, sign)
    return el('li', {}, el('span', { class: 'place', 'aria-hidden': 'true' }, String(place + 1)), el('span', { class: 'words' }, data.items[item]),
      button(-1, '▲', 'Move up', place === 0), button(1, '▼', 'Move down', place === last))
  }))
}

function move(box, data, memory, place, step) {
  const to = place + step
  if (to < 0 || to >= memory.order.length) return
  const order = [...memory.order]
  const [item] = order.splice(place, 1)
  order.splice(to, 0, item)
  memory.order = order
  paint(box, data, memory)
  box.querySelector(`button[data-item="${item}"][data-step="${step}"]`).focus()
  box.querySelector('[role="status"]').textContent = `${data.items[item]}: now ${to + 1} of ${order.length}`
  memory.send(order)
}
