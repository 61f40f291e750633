// @ts-check
// Dragging a card with a pointer: a ghost follows, the column under it is told, Escape cancels.

/**
 * @param {PointerEvent} down
 * @param {number} id
 * @param {import('../kit/reactive.js').Signal<{ column: string, before: number | null } | null>} target
 * @param {(column: string) => void} drop
 */
export function startDrag(down, id, target, drop) {
  if (down.button !== 0 || down.pointerType === 'touch' || /** @type {Element} */ (down.target).closest('select, label')) return
  const source = /** @type {HTMLElement} */ (down.currentTarget)
  const edge = source.getBoundingClientRect()
  /** @type {HTMLElement | null} */
  let ghost = null
  let frame = 0
  const controller = new AbortController()
  const options = { signal: controller.signal }
  /** @param {PointerEvent} event */
  function onMove(event) {
    if (!ghost) {
      if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 5) return
      ghost = /** @type {HTMLElement} */ (source.cloneNode(true))
      ghost.classList.add('ghost')
      ghost.removeAttribute('data-card')
      ghost.removeAttribute('tabindex')
      ghost.setAttribute('aria-hidden', 'true')
      ghost.style.width = `${source.offsetWidth}px`
      source.classList.add('lifted')
      document.body.append(ghost)
      // The click that ends a drag opens nothing.
      source.addEventListener('click', (click) => click.stopImmediatePropagation(), { capture: true, once: true })
    }
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => {
      if (ghost) ghost.style.transform = `translate(${event.clientX - (down.clientX - edge.left)}px, ${event.clientY - (down.clientY - edge.top)}px) rotate(1.5deg)`
      const under = document.elementFromPoint(event.clientX, event.clientY)?.closest('[data-column]')
      target.value = under ? { column: under.getAttribute('data-column') ?? '', before: null } : null
    })
  }
  /** @param {boolean} isDrop */
  function finish(isDrop) {
    cancelAnimationFrame(frame)
    controller.abort()
    ghost?.remove()
    source.classList.remove('lifted')
    const place = target.peek()
    target.value = null
    if (isDrop && ghost && place) drop(place.column)
  }
  addEventListener('pointermove', onMove, options)
  addEventListener('pointerup', () => finish(true), options)
  addEventListener('pointercancel', () => finish(false), options)
  addEventListener('keydown', (event) => event.key === 'Escape' && finish(false), options)
  return id
}
