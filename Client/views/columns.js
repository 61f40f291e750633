// @ts-check
// The columns of a list as one person wants them: which, in what order, how wide. By pointer at the head, and by buttons in a dialog; kept
// on the server as the person's layer over everybody's.

import { announce, component, html, icon, iconButton, openDialog, showFailure } from '../kit/ui.js'
import { each } from '../kit/html.js'
import { computed, effect, signal, untracked } from '../kit/reactive.js'
import { below, difference, keepLayer, operationsOf } from '../data/layers.js'
import { t } from '../lang/words.js'
import { isRight, track } from '../fields/show.js'

/** The narrowest and the widest that a column gets, and a step of the buttons, in pixels. */
const NARROWEST = 56
const WIDEST = 900
const STEP = 24

/**
 * @typedef {object} Columns
 * @property {import('../kit/reactive.js').Readable<string[]>} all every column of the view, in the person's order
 * @property {(name: string) => boolean} isHidden
 * @property {(name: string) => void} toggle
 * @property {(name: string, place: number) => void} move
 * @property {(name: string, width: number | null) => void} resize null for the usual width
 * @property {(field: any) => string} track
 * @property {() => void} reset
 * @property {() => void} keep
 */

/**
 * @param {string} model
 * @param {any} view
 * @returns {Columns}
 */
export function personalColumns(model, view) {
  const hidden = signal(/** @type {string[]} */ ([]))
  const order = signal(/** @type {string[]} */ ([]))
  const widths = signal(/** @type {Record<string, number>} */ ({}))
  /** Widths that others gave. */
  const given = () => Object.fromEntries((view.peek()?.layers?.layers ?? []).filter((/** @type {any} */ layer) => layer.level !== 'person').flatMap((/** @type {any} */ layer) => layer.operations)
    .filter((/** @type {any} */ step) => step.op === 'width').map((/** @type {any} */ step) => [step.field, step.pixels]))
  effect(() => {
    const now = view.value
    if (!now) return
    untracked(() => {
      hidden.value = below(now, me).filter((name) => !now.list.columns.includes(name))
      order.value = now.list.columns
      widths.value = { ...now.list.widths }
    })
  })
  /** One after the other, so that what was done last is what is kept. */
  let sending = Promise.resolve()
  const keep = () => void (sending = sending.then(send).catch(showFailure))
  async function send() {
    const now = view.peek()
    const shown = all.peek().filter((name) => !hidden.peek().includes(name))
    if (!now?.layers || !shown.length) return
    const others = given()
    /** @type {import('../data/layers.js').Operation[]} */
    const wide = Object.entries(widths.peek()).filter(([field, pixels]) => others[field] !== pixels).map(([field, pixels]) => ({ op: 'width', field, pixels }))
    const rest = operationsOf(now, me).filter((step) => step.op === 'density' || (step.op === 'hide' && step.view === 'form'))
    const operations = [...difference(below(now, me), shown), ...wide, ...rest]
    await keepLayer(model, me, operations)
    now.layers.layers = [...now.layers.layers.filter((/** @type {any} */ layer) => layer.level !== 'person'), ...(operations.length ? [{ level: 'person', owner: '', operations }] : [])]
  }
  // A column that came since stands behind the one it follows in the view.
  const all = computed(() => {
    const own = view.value ? [...new Set([...below(view.value, me), ...view.value.list.columns])] : []
    const placed = order.value.filter((name) => own.includes(name))
    own.forEach((name, i) => {
      if (!placed.includes(name)) placed.splice(i === 0 ? 0 : placed.indexOf(own[i - 1]) + 1, 0, name)
    })
    return placed
  })
  return {
    all, keep,
    isHidden: (name) => hidden.value.includes(name),
    toggle(name) {
      hidden.value = hidden.peek().includes(name) ? hidden.peek().filter((each) => each !== name) : [...hidden.peek(), name]
      keep()
    },
    move(name, place) {
      const rest = all.peek().filter((each) => each !== name)
      rest.splice(Math.max(0, Math.min(rest.length, place)), 0, name)
      order.value = rest
      keep()
    },
    resize(name, width) {
      const { [name]: _, ...rest } = widths.peek()
      widths.value = width === null ? rest : { ...rest, [name]: Math.round(Math.max(NARROWEST, Math.min(WIDEST, width))) }
    },
    track: (field) => (widths.value[field.name] ? `${widths.value[field.name]}px` : track(field, view.value.tones)),
    reset() {
      ;[hidden.value, order.value, widths.value] = [[], below(view.peek(), me), given()]
      keep()
    },
  }
}

/** @type {import('../data/layers.js').Mine} */
const me = { level: 'person', team: null, owner: '' }

/** Whether the page reads from right to left. */
const isMirrored = () => getComputedStyle(document.documentElement).direction === 'rtl'

/**
 * Follows a pointer until it is lifted.
 * @param {PointerEvent} down
 * @param {(event: PointerEvent) => void} move
 * @param {(isDone: boolean) => void} end
 */
function followPointer(down, move, end) {
  const controller = new AbortController()
  const options = { signal: controller.signal }
  const finish = (/** @type {boolean} */ isDone) => {
    controller.abort()
    end(isDone)
  }
  addEventListener('pointermove', move, options)
  addEventListener('pointerup', () => finish(true), options)
  addEventListener('pointercancel', () => finish(false), options)
  addEventListener('keydown', (event) => event.key === 'Escape' && finish(false), options)
}

/** @param {Columns} columns @param {string} name @param {PointerEvent} down */
function dragWidth(columns, name, down) {
  if (down.button !== 0) return
  down.preventDefault()
  down.stopPropagation()
  const cell = /** @type {HTMLElement} */ (/** @type {Element} */ (down.target).closest('[role=columnheader]'))
  const start = cell.offsetWidth
  const sign = isMirrored() ? -1 : 1
  followPointer(down, (event) => columns.resize(name, start + sign * (event.clientX - down.clientX)), (isDone) => {
    if (!isDone) columns.resize(name, start)
    columns.keep()
  })
}

/** @param {Columns} columns @param {string} name @param {PointerEvent} down */
function dragPlace(columns, name, down) {
  if (down.button !== 0 || down.pointerType === 'touch') return
  const cell = /** @type {HTMLElement} */ (down.currentTarget)
  const cells = /** @type {HTMLElement[]} */ ([...(cell.parentElement?.querySelectorAll('[data-name]') ?? [])])
  const boxes = cells.map((each) => ({ name: each.dataset.name ?? '', box: each.getBoundingClientRect(), each }))
  let target = ''
  let isDragging = false
  followPointer(down, (event) => {
    if (!isDragging && Math.abs(event.clientX - down.clientX) < 6) return
    if (!isDragging) {
      isDragging = true
      cell.classList.add('dragged')
      // The click that ends a drag sorts nothing.
      cell.addEventListener('click', (click) => click.stopImmediatePropagation(), { capture: true, once: true })
    }
    const over = boxes.find(({ box }) => event.clientX >= box.left && event.clientX < box.right)
    for (const { each } of boxes) each.classList.remove('drop')
    target = over && over.name !== name ? over.name : ''
    if (target) over?.each.classList.add('drop')
  }, (isDone) => {
    cell.classList.remove('dragged')
    for (const { each } of boxes) each.classList.remove('drop')
    if (isDone && target) {
      columns.move(name, columns.all.peek().indexOf(target))
      announce(t('{column} moved', { column: cell.textContent?.trim() ?? '' }))
    }
  })
}

/** The head of a column: sorts when pressed, moves when dragged, and has an edge to make it wider. */
export const columnHead = component((/** @type {any} */ field, /** @type {Columns} */ columns, /** @type {(name: string) => string} */ direction, /** @type {(name: string) => void} */ sortBy) => html`
  <div role="columnheader" data-name=${field.name} class=${`cell${isRight(field) ? ' right' : ''}`} aria-sort=${() => direction(field.name)} @pointerdown=${(/** @type {PointerEvent} */ e) => dragPlace(columns, field.name, e)}>
    ${field.sortable ? html`<button type="button" tabindex="-1" @click=${() => sortBy(field.name)}><span>${t(field.string)}</span>${() => direction(field.name) !== 'none' && icon(direction(field.name) === 'ascending' ? 'arrow-up' : 'arrow-down')}</button>` : html`<span class="title">${t(field.string)}</span>`}
    <span class="edge" aria-hidden="true" @pointerdown=${(/** @type {PointerEvent} */ e) => dragWidth(columns, field.name, e)} @click=${(/** @type {Event} */ e) => e.stopPropagation()} @dblclick=${() => {
      columns.resize(field.name, null)
      columns.keep()
    }}></span></div>`)

/**
 * All that can be done with columns, without dragging.
 * @param {Columns} columns
 * @param {any} view
 * @param {() => HTMLElement} grid
 * @param {() => void} more what goes beyond one's own columns
 */
export const chooseColumns = (columns, view, grid, more) => openDialog(t('Columns'), (close) => {
  /** @param {string} name @param {number} by */
  const step = (name, by) => {
    columns.move(name, columns.all.peek().indexOf(name) + by)
    announce(t('{column} is now column {n}', { column: t(view.peek().fields[name].string), n: columns.all.peek().indexOf(name) + 1 }))
  }
  /** @param {string} name @param {number} by */
  const widen = (name, by) => {
    const now = /** @type {HTMLElement | null} */ (grid().querySelector(`[data-name="${name}"]`))?.offsetWidth ?? 128
    columns.resize(name, now + by)
    columns.keep()
  }
  /** @param {string} name */
  const line = (name) => {
    const column = t(view.peek().fields[name].string)
    return html`<li><label class="tick"><input type="checkbox" .checked=${() => !columns.isHidden(name)} @change=${() => columns.toggle(name)}><span>${column}</span></label>
      <span class="chips">${iconButton('arrow-up', t('Move {column} forward', { column }), () => step(name, -1))}${iconButton('arrow-down', t('Move {column} back', { column }), () => step(name, 1))}
      ${iconButton('minus', t('Make {column} narrower', { column }), () => widen(name, -STEP))}${iconButton('plus', t('Make {column} wider', { column }), () => widen(name, STEP))}</span></li>`
  }
  return html`<div class="stack"><h2>${t('Columns')}</h2><p class="dim">${t('At the head of the list, drag a name to move it and its edge to make it wider.')}</p>
    <ul class="column-list">${each(() => columns.all.value, (name) => name, (name) => line(name.peek()))}</ul>
    <div class="dialog-foot"><button type="button" class="button plain" @click=${() => {
      close()
      more()
    }}>${t('Columns and fields')}…</button><button type="button" class="button" @click=${columns.reset}>${t('As it was')}</button><button type="button" class="button primary" @click=${() => close()}>${t('Close')}</button></div></div>`
})
