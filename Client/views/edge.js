// @ts-check
// The edge of the panel beside a list: dragged, or moved by arrow keys; the width is kept in this browser.

import { html } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { t } from '../lang/words.js'

const [LEAST, STEP, PART] = [360, 24, 0.7]
const KEPT = 'baton.panel'

const read = () => {
  try {
    return Number(localStorage.getItem(KEPT)) || 0
  } catch {
    return 0
  }
}
const width = signal(read())

/** @param {number} pixels 0 for the usual width */
function use(pixels) {
  width.value = pixels && Math.round(Math.max(LEAST, Math.min(innerWidth * PART, pixels)))
  if (width.peek()) document.documentElement.style.setProperty('--panel', `${width.peek()}px`)
  else document.documentElement.style.removeProperty('--panel')
  try {
    localStorage.setItem(KEPT, String(width.peek()))
  } catch { /* a browser that keeps nothing still works */ }
}
if (width.peek()) use(width.peek())

/** The edge; it stands at the beginning of the panel. */
export const edge = () => {
  /** @param {Element} element */
  const panel = (element) => /** @type {HTMLElement} */ (element.closest('.record'))
  const turn = () => (document.dir === 'rtl' ? -1 : 1)
  return html`<div class="panel-edge desk" role="separator" tabindex="0" aria-orientation="vertical" aria-label=${t('Width of the panel')} aria-valuemin=${LEAST} aria-valuemax="1200" aria-valuenow=${() => width.value || 560}
    @keydown=${(/** @type {KeyboardEvent} */ e) => {
      const by = { ArrowLeft: STEP * turn(), ArrowRight: -STEP * turn() }[e.key]
      if (e.key === 'Home') use(0)
      else if (by) use(panel(/** @type {Element} */ (e.target)).offsetWidth + by)
      else return
      e.preventDefault()
      e.stopPropagation()
    }}
    @dblclick=${() => use(0)}
    @pointerdown=${(/** @type {PointerEvent} */ e) => {
      const handle = /** @type {HTMLElement} */ (e.target)
      handle.setPointerCapture(e.pointerId)
      const [from, before] = [e.clientX, panel(handle).offsetWidth]
      const move = (/** @type {PointerEvent} */ next) => use(before + (from - next.clientX) * turn())
      handle.addEventListener('pointermove', move)
      handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', move), { once: true })
    }}></div>`
}
