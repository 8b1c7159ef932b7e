// Says what has changed and puts the focus there: the button that was pressed is gone after a rerun.

const said = new Map()

export default function ({ data, key, name }) {
  const mine = `${name}:${key}`
  const first = !said.has(mine)
  if (said.get(mine) === data.token) return
  said.set(mine, data.token)
  const region = live()
  region.textContent = ''
  // A live region speaks only of changes, so it must be seen empty first.
  setTimeout(() => { region.textContent = data.text }, 120)
  if (data.focus) seek(data.focus, first)
}

function live() {
  let region = document.getElementById('muster-announcer')
  if (!region) {
    region = document.createElement('div')
    region.id = 'muster-announcer'
    region.className = 'm-hide'
    region.setAttribute('role', 'status')
    region.setAttribute('aria-live', 'polite')
    document.body.append(region)
  }
  return region
}

function find(focus) {
  if (focus === 'title') return document.querySelector('[data-testid="stMain"] h1')
  const wanted = focus.replace(/[^a-zA-Z0-9_-]/g, '-')
  return [...document.querySelectorAll('[class*="st-key-"]')].find((element) =>
    [...element.classList].some((name) => name === `st-key-${wanted}` || (name.startsWith('st-key-m-') && name.endsWith(`-${wanted}`))))
}

// The part to focus may be drawn a moment after us; give up after two seconds rather than move the focus late.
function seek(focus, first) {
  const until = performance.now() + 2000
  const stale = new Set([document.activeElement])
  const look = () => {
    const element = find(focus)
    if (element && !element.closest('[data-stale="true"]')) {
      if (!element.hasAttribute('tabindex')) element.setAttribute('tabindex', '-1')
      element.focus({ preventScroll: true })
      if (!first) element.scrollIntoView({ block: 'nearest' })
      return
    }
    // Somebody who has moved on is left alone.
    if (!stale.has(document.activeElement) && document.activeElement !== document.body) return
    if (performance.now() < until) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
