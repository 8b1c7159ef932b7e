// An artefact to judge: passages are real buttons that can be flagged; after the verdict, the same with pins.
import { CHECK, DOT, EYE, FLAG, adopt, el, glyph, root } from './dom.js'

const OUTCOMES = {
  hit: { icon: CHECK, words: 'You flagged it. A real sign.' },
  missed: { icon: EYE, words: 'Missed. A real sign.' },
  alarm: { icon: FLAG, words: 'You flagged it, but it is harmless.' },
  fine: { icon: DOT, words: 'Looks odd, is harmless.' },
}

export default function ({ data, parentElement, setStateValue }) {
  const { flagged, ...shown } = data
  const { box, memory, fresh } = root(parentElement, shown)
  const changed = adopt(memory, 'flags', flagged ?? [])
  memory.send = () => setStateValue('flags', memory.flags)
  if (fresh) build(box, shown, memory)
  if (fresh || changed) paint(box, memory)
}

function build(box, data, memory) {
  const passage = (piece) => {
    const words = piece.text
    const number = piece.passage
    if (data.pins) {
      const pin = data.pins[number]
      return el('mark', { class: `pinned ${pin.outcome}` }, words, el('sup', { class: 'pin' }, String(number + 1)))
    }
    const button = el('button', { type: 'button', class: 'passage', 'data-passage': number, 'aria-pressed': 'false' }, glyph(FLAG), words)
    button.onclick = () => {
      const flags = new Set(memory.flags)
      flags.has(number) ? flags.delete(number) : flags.add(number)
      memory.flags = [...flags].sort((a, b) => a - b)
      paint(box, memory)
      memory.send()
    }
    return button
  }
  const pieces = (line) => line.map((piece) => (piece.passage === undefined ? piece.text : passage(piece)))

  const sheet = el('section', { class: `artefact ${data.kind}`, 'aria-label': `${data.name}, ${data.title}` })
  sheet.append(el('p', { class: 'strip' }, el('span', {}, data.name), el('strong', { class: 'notice' }, data.notice)))
  if (data.head.length) {
    const head = el('dl', { class: 'head' })
    for (const line of data.head) head.append(el('div', {}, el('dt', {}, `${line.label}:`), ' ', el('dd', {}, ...pieces(line.pieces))))
    sheet.append(head)
  }
  const body = el('div', { class: 'body' })
  for (const line of data.body) {
    const empty = line.length === 0
    body.append(el('p', { class: empty ? 'gap' : 'line' }, ...pieces(line)))
  }
  sheet.append(body)
  box.append(sheet)

  if (data.pins) {
    const list = el('ol', { class: 'pins', 'aria-label': 'What the passages meant' })
    for (const pin of data.pins) {
      const outcome = OUTCOMES[pin.outcome]
      list.append(
        el('li', { class: pin.outcome },
          el('div', {},
            el('p', { class: 'outcome' }, glyph(outcome.icon), el('strong', {}, outcome.words), ' ', el('q', {}, pin.words)),
            el('p', {}, pin.why))))
    }
    box.append(list)
  } else {
    box.append(el('p', { class: 'count', role: 'status' }))
  }
}

function paint(box, memory) {
  for (const button of box.querySelectorAll('.passage')) {
    button.setAttribute('aria-pressed', String(memory.flags.includes(Number(button.dataset.passage))))
  }
  const count = box.querySelector('.count')
  if (!count) return
  const number = memory.flags.length
  count.textContent = number === 0 ? 'Nothing flagged. Tap the passages that feel wrong.' : `${number} flagged`
}
