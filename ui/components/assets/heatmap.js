// A heatmap that is a table: every cell with something behind it is a button, and says in words what its colour says.
import { el, root } from './dom.js'

export default function ({ data, parentElement, setTriggerValue }) {
  const { selected, ...shown } = data
  const { box, memory, fresh } = root(parentElement, shown)
  memory.send = (row, column) => setTriggerValue('cell', [row, column])
  if (fresh) build(box, data, memory)
  for (const button of box.querySelectorAll('button')) {
    const mine = Number(button.dataset.row) === selected[0] && Number(button.dataset.column) === selected[1]
    button.setAttribute('aria-pressed', String(mine))
  }
}

function build(box, data, memory) {
  const head = el('tr', {}, el('td', {}), ...data.columns.map((label) => el('th', { scope: 'col' }, label)))
  const rows = data.rows.map((label, row) =>
    el('tr', {}, el('th', { scope: 'row' }, label), ...data.columns.map((name, column) => el('td', {}, cell(data, memory, row, column)))))
  const table = el('table', { class: 'heatmap', 'aria-labelledby': 'caption' },
    el('thead', {}, head), el('tbody', {}, ...rows))
  table.onkeydown = (event) => walk(event, table, data)
  box.append(el('p', { class: 'small', id: 'caption' }, data.caption), el('div', { class: 'scroll' }, table), legend(data))
}

function cell(data, memory, row, column) {
  const { text, coverage, step, below } = data.cells[row][column]
  if (step === undefined) {
    return el('span', { class: 'hidden-cell' }, text, coverage ? el('small', {}, coverage) : null)
  }
  const words = [`${data.rows[row]}, ${data.columns[column]}: ${text}`, coverage, step === 'unknown' ? 'too few assessed to say' : below ? `below the target of ${data.target}` : 'on target']
  return el('button', {
    type: 'button', class: `step-${step}`, 'data-row': row, 'data-column': column, 'aria-pressed': 'false',
    'aria-label': words.filter(Boolean).join(', '), onclick: () => memory.send(row, column),
  }, el('span', {}, below && step !== 'unknown' ? `${text} ▾` : text), coverage ? el('small', {}, coverage) : null)
}

function legend(data) {
  const steps = ['under 45\u00a0%', 'under 60\u00a0%', `under ${data.target}`, 'on target', '90\u00a0% and more']
  return el('ul', { class: 'legend', 'aria-label': 'Colours' },
    ...steps.map((words, step) => el('li', {}, el('i', { class: `step-${step}`, 'aria-hidden': 'true' }), words)),
    el('li', {}, el('i', { class: 'step-unknown', 'aria-hidden': 'true' }), 'too few assessed to say'),
    el('li', {}, `▾ below the target of ${data.target}`))
}

// Arrow keys walk the grid; Tab still reaches every cell.
function walk(event, table, data) {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
  const from = event.target.closest('button')
  if (!steps || !from) return
  let [row, column] = [Number(from.dataset.row), Number(from.dataset.column)]
  for (;;) {
    row += steps[0]
    column += steps[1]
    if (row < 0 || column < 0 || row >= data.rows.length || column >= data.columns.length) return
    const next = table.querySelector(`button[data-row="${row}"][data-column="${column}"]`)
    if (next) {
      event.preventDefault()
      next.focus()
      return
    }
  }
}
