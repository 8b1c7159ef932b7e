// Waits for news of a live exercise: shows the newest message at once, as text, and asks the server to draw the fragment
// again at a moment of its own, so that a hundred screens do not ask together. What was drawn replaces what was told.
import { el, root } from './dom.js'

const LOOK = 2000 // from one look to the next at least, when no stream can be held; the answer waits for news
const TRIES = 4 // of the stream, before looking instead
const PATIENCE = 5000 // for a drawing that was asked for and never came
const GRACE = 2000 // after a drawing has gone: the next one, a moment later, takes the stream over
const open = new Map()

export default function ({ data, parentElement, setTriggerValue }) {
  const { box, memory, fresh } = root(parentElement, {})
  if (fresh) {
    // A region that is there before its text is read out when the text comes.
    memory.line = el('p', { class: 'small', role: 'status' })
    memory.news = el('div', { class: 'news', role: 'status', 'aria-live': 'polite' })
    box.append(memory.line, memory.news)
  }
  const mine = open.get(data.url) ?? connect(data.url)
  open.set(data.url, mine)
  clearTimeout(mine.leaving)
  mine.place = memory
  mine.ask = (version) => setTriggerValue('version', version)
  mine.drawn(data.version, data.held)
  return () => {
    mine.leaving = setTimeout(() => {
      mine.close()
      open.delete(data.url)
    }, GRACE)
  }
}

function connect(url) {
  let source, timer, turn, failed = 0, closed = false
  const mine = { place: null, ask: () => {}, shown: -1, held: [], asked: -1, since: 0, newest: -1, news: null, wait: 0 }

  mine.drawn = (version, held) => {
    mine.shown = Math.max(mine.shown, version)
    mine.held = held
    paint()
    want()
  }
  mine.close = () => {
    closed = true
    source?.close()
    clearTimeout(timer)
    clearTimeout(turn)
    document.removeEventListener('visibilitychange', awake)
  }

  function want(most = mine.wait) {
    const again = performance.now() - mine.since > PATIENCE
    if (turn || mine.newest <= mine.shown || (mine.asked >= mine.newest && !again)) return
    turn = setTimeout(ask, Math.random() * most)
  }

  function ask() {
    turn = undefined
    if (mine.newest <= mine.shown) return
    Object.assign(mine, { asked: mine.newest, since: performance.now() })
    mine.ask(mine.newest)
  }

  function heard({ version, news, wait }) {
    failed = 0
    say('')
    if (version >= mine.newest) Object.assign(mine, { newest: version, news, wait })
    paint()
    want()
  }

  // Told and not drawn yet; a message that was taken back, or is another seat's now, goes with the next news or drawing.
  function paint() {
    if (mine.place === null) return
    const { news, place } = mine
    const fresh = news !== null && mine.newest > mine.shown && !mine.held.includes(news.id)
    const id = fresh ? news.id : ''
    if (place.told === id) return
    place.told = id
    place.news.replaceChildren(...(fresh ? [card(news)] : []))
  }

  function over() {
    mine.close()
    // Drawn once more even when nothing is newer: the session may be what ended.
    turn = setTimeout(() => mine.ask(`over-${mine.newest}`), Math.random() * mine.wait)
  }

  function stream() {
    if (closed) return
    source = new EventSource(`${url}events`)
    source.onmessage = (event) => heard(JSON.parse(event.data))
    source.addEventListener('over', (event) => { heard(JSON.parse(event.data)); over() })
    source.onerror = () => {
      failed += 1
      say('Reconnecting …')
      if (source.readyState !== EventSource.CLOSED && failed < TRIES) return
      source.close()
      later(look, 0)
    }
  }

  async function look() {
    const begun = performance.now()
    try {
      const answer = await fetch(`${url}version?after=${mine.newest}`, { cache: 'no-store', headers: { accept: 'application/json' } })
      if (answer.status === 401 || answer.status === 404) return over()
      const told = await answer.json()
      heard(told)
      if (told.over) return over()
    } catch {
      say('The server does not answer. What you see may be old.')
    }
    // A look in three tries the stream again: proxies and servers come back.
    later(Math.random() < 1 / 3 ? stream : look, Math.max(0, LOOK - (performance.now() - begun)))
  }

  function later(work, delay) {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(work, delay)
  }

  function awake() {
    if (document.visibilityState !== 'visible' || closed) return
    clearTimeout(turn) // who looks again need not wait
    turn = undefined
    want(0)
  }

  function say(text) {
    if (mine.place !== null && mine.place.line.textContent !== text) mine.place.line.textContent = text
  }

  document.addEventListener('visibilitychange', awake)
  stream()
  return mine
}

function card({ at, channel, sender, title, text, lines }) {
  return el('article', { class: 'inject' },
    el('p', { class: 'small' }, el('strong', {}, 'New'), ` · ${[at, channel, sender].filter(Boolean).join(' · ')}`),
    el('h2', {}, title), el('p', { class: 'said' }, text),
    lines.length ? el('ul', {}, ...lines.map((line) => el('li', {}, line))) : null)
}
