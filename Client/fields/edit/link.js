// @ts-check
// A link to one record: a combobox whose choices the server finds.
import { component, html, icon } from '../../kit/ui.js'
import { onCleanup, signal } from '../../kit/reactive.js'
import { records } from '../../data/api.js'
import { t } from '../../lang/words.js'

export const link = component((/** @type {import('../edit.js').Editing} */ { id, field, value, set, ask, describedBy, isWrong }) => {
  const open = signal(false)
  const found = signal(/** @type {[number, string][]} */ ([]))
  const at = signal(0)
  const state = signal('')
  /** @type {HTMLInputElement | null} */
  let input = null
  /** @type {number | undefined} */
  let timer
  let turn = 0
  onCleanup(() => clearTimeout(timer))

  /** @param {string} text */
  async function find(text) {
    const mine = ++turn
    try {
      const rows = await records.choices(field.relation ?? '', text, { limit: 20, ...(ask ?? {}) })
      if (mine !== turn) return
      found.value = rows
      at.value = 0
      state.value = rows.length ? '' : t('Nothing found')
    } catch (error) {
      if (mine === turn) state.value = /** @type {any} */ (error).message
    }
  }
  const show = () => {
    if (open.peek()) return
    open.value = true
    find('')
  }
  const close = () => {
    open.value = false
    if (input) input.value = value()?.display_name ?? ''
  }
  /** @param {[number, string] | undefined} row */
  const choose = (row) => {
    if (row) set({ id: row[0], display_name: row[1] })
    close()
  }
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!open.peek()) show()
      else at.value = Math.max(0, Math.min(found.peek().length - 1, at.peek() + (event.key === 'ArrowDown' ? 1 : -1)))
      document.getElementById(`${id}-${at.peek()}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter' && open.peek()) choose(found.peek()[at.peek()])
    else if (event.key === 'Escape' && open.peek()) close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return html`<div class="combo" @focusout=${(/** @type {FocusEvent} */ e) => {
    const host = /** @type {Element} */ (e.currentTarget)
    if (host.contains(/** @type {Node | null} */ (e.relatedTarget))) return
    if (input && open.peek() && input.value.trim() === '' && !field.required) set(false)
    close()
  }}>
    <input class="input" id=${id} name=${field.name} role="combobox" aria-expanded=${() => String(open.value)} aria-controls=${`${id}-list`} aria-autocomplete="list" autocomplete="off" aria-describedby=${describedBy ?? null}
      aria-invalid=${() => (isWrong?.() ? 'true' : null)} aria-activedescendant=${() => (open.value && found.value.length ? `${id}-${at.value}` : null)} .value=${() => value()?.display_name ?? ''}
      ref=${(/** @type {HTMLInputElement} */ e) => (input = e)} @keydown=${onKey} @click=${show}
      @input=${(/** @type {any} */ e) => {
        open.value = true
        clearTimeout(timer)
        timer = setTimeout(() => find(e.target.value), 150)
      }}>
    <span class="combo-mark" aria-hidden="true">${icon('chevron-down')}</span>
    <div class="combo-list" id=${`${id}-list`} role="listbox" aria-label=${t(field.string)} ?hidden=${() => !open.value}>
      ${() => found.value.map((row, i) => html`<div role="option" id=${`${id}-${i}`} aria-selected=${() => String(at.value === i)} @mousedown=${(/** @type {Event} */ e) => e.preventDefault()} @click=${() => choose(row)}>${row[1]}</div>`)}
      ${() => state.value && html`<p class="dim">${state.value}</p>`}</div></div>`
})
