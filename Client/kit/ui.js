// @ts-check
// Small shared parts: icons, chips, announcements, toasts with Undo, and dialogs.

import { component, html, mount, svg } from './html.js'
import { signal } from './reactive.js'
import { t } from '../lang/words.js'

const SVG = 'http://www.w3.org/2000/svg'
/** Our own sign, which no set of icons has. */
const MARK = 'M4 15L15 5l5 5L9 20z'

/**
 * Whether set-up brought a part that is not ours: `code` (the editor), `icons`.
 * @param {string} part
 */
export const hasPart = (part) => (document.documentElement.dataset.parts ?? '').split(' ').includes(part)

const picture = () => `${document.documentElement.dataset.base}/vendor/icons.svg`
/** @type {Document | null} */
let drawings = null
// An icon that refers to the picture of all costs twice what one costs that has its own lines; so the picture is read once, and what is shown later is drawn from it.
if (hasPart('icons')) {
  const asked = new XMLHttpRequest()
  asked.open('GET', picture())
  asked.responseType = 'document'
  asked.onload = () => (drawings = asked.status === 200 ? asked.responseXML : null)
  asked.send()
}

/**
 * The lines of an icon: its own once the picture was read, before that what refers to it.
 * @param {SVGElement} element
 * @param {string} name
 */
function draw(element, name) {
  const drawing = drawings?.getElementById(name)
  if (drawing) {
    element.setAttribute('viewBox', drawing.getAttribute('viewBox') ?? '0 0 16 16')
    for (const line of drawing.children) element.append(document.importNode(line, true))
  } else {
    const use = document.createElementNS(SVG, 'use')
    use.setAttribute('href', `${picture()}#${name}`)
    element.append(use)
  }
}

/**
 * An icon, by a name of scripts/client-icons.txt. Decorative unless a label is given. Without the icons the label stands there as a word.
 * @param {string} name
 * @param {string} [label]
 */
export function icon(name, label) {
  if (label && !hasPart('icons')) {
    const word = document.createElement('span')
    word.className = 'icon-word'
    word.textContent = label
    return word
  }
  const element = document.createElementNS(SVG, 'svg')
  element.setAttribute('class', 'icon')
  if (label) {
    element.setAttribute('role', 'img')
    element.setAttribute('aria-label', label)
  } else {
    element.setAttribute('aria-hidden', 'true')
  }
  if (name === 'mark') {
    element.setAttribute('viewBox', '0 0 24 24')
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', MARK)
    element.append(path)
  } else if (hasPart('icons')) {
    element.setAttribute('data-icon', name)
    draw(element, name)
  }
  return element
}

/**
 * A button with an icon and words.
 * @param {string} label
 * @param {(event: MouseEvent) => void} press
 * @param {{ icon?: string, style?: string, keys?: string, disabled?: () => boolean, title?: string }} [look]
 */
export const button = (label, press, look = {}) => html`<button type="button" class=${`button ${look.style ?? ''}`} title=${look.title ?? null}
  aria-keyshortcuts=${look.keys ?? null} ?disabled=${look.disabled ?? false} @click=${press}>${look.icon && icon(look.icon)}<span>${label}</span></button>`

/**
 * A button that shows only an icon; its words are for those who hear it.
 * @param {string} name
 * @param {string} label
 * @param {(event: MouseEvent) => void} press
 * @param {string} [style]
 */
export const iconButton = (name, label, press, style = '') =>
  html`<button type="button" class=${`button plain square ${style}`} aria-label=${label} title=${label} @click=${press}>${icon(name)}</button>`

/**
 * Words with a tone.
 * @param {string} text
 * @param {string} [tone]
 * @param {string} [symbol]
 */
export const chip = (text, tone = '', symbol = '') => html`<span class=${`chip ${tone}`}>${symbol && icon(symbol)}${text}</span>`

/** @typedef {{ text: string, tone?: string, undo?: () => void, label?: string }} Message */
const message = signal(/** @type {Message | null} */ (null))
/** @type {number | undefined} */
let timer

/**
 * Shows a short message, with an Undo button when the step can be taken back.
 * @param {string} text
 * @param {{ undo?: () => void, tone?: string, label?: string }} [more]
 */
export function toast(text, more = {}) {
  clearTimeout(timer)
  message.value = { text, ...more }
  timer = setTimeout(() => (message.value = null), more.tone === 'danger' ? 20000 : 8000)
}

/** Takes back what the last message offers to. */
export function undoLast() {
  const undo = message.peek()?.undo
  message.value = null
  undo?.()
  return Boolean(undo)
}

export const toasts = () => html`<div class="toasts" aria-live="polite" role="status">${() => {
  const shown = message.value
  return shown && html`<div class=${`toast fade ${shown.tone ?? ''}`}><span>${shown.text}</span>
    ${shown.undo && html`<button type="button" @click=${undoLast}>${shown.label ?? t('Undo')}</button>`}
    <button type="button" class="bare" aria-label=${t('Dismiss')} @click=${() => (message.value = null)}>${icon('x')}</button></div>`
}}</div>`

const spoken = signal('')
/**
 * Speaks through a live region without showing anything.
 * @param {string} text
 */
export const announce = (text) => (spoken.value = text)
export const announcer = () => html`<div class="visually-hidden" aria-live="assertive">${spoken}</div>`

/**
 * Shows what failed: in words, with what to do next and the code to copy.
 * @param {any} error
 */
export function showFailure(error) {
  const words = error?.instruction ? `${error.message} ${error.instruction}` : (error?.message ?? String(error))
  // What only an administrator can look up has a reference to pass on.
  toast(words, error?.code === 'server.failed' ? { tone: 'danger', label: t('Copy'), undo: () => void navigator.clipboard?.writeText(words) } : { tone: 'danger' })
}

/**
 * Opens a dialog with a view; the answer comes when it is closed.
 * @template T
 * @param {string} title
 * @param {(close: (answer?: T) => void) => unknown} view
 * @param {string} [style]
 * @returns {Promise<T | undefined>}
 */
export function openDialog(title, view, style = '') {
  return new Promise((resolve) => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement)
    const dialog = document.createElement('dialog')
    dialog.className = `dialog ${style}`
    dialog.setAttribute('aria-label', title)
    /** @type {T | undefined} */
    let answer
    const close = (/** @type {T} */ value) => {
      answer = value
      dialog.close()
    }
    document.body.append(dialog)
    const stop = mount(dialog, () => view(/** @type {any} */ (close)))
    dialog.addEventListener('close', () => {
      stop()
      dialog.remove()
      if (before?.isConnected) before.focus()
      resolve(answer)
    })
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) dialog.close()
    })
    dialog.showModal()
  })
}

/**
 * Asks before something that cannot be taken back; the button says what it does.
 * @param {string} title
 * @param {string} consequence
 * @param {string} verb
 * @param {string} [style]
 * @returns {Promise<boolean>}
 */
export async function confirmStep(title, consequence, verb, style = 'danger') {
  const answer = await openDialog(title, (close) => html`<form method="dialog" class="stack" @submit=${(/** @type {Event} */ e) => {
    e.preventDefault()
    close(true)
  }}><h2>${title}</h2><p>${consequence}</p><div class="dialog-foot"><button type="button" class="button" @click=${() => close(false)}>${t('Cancel')}</button>
    <button type="submit" class=${`button ${style}`}>${verb}</button></div></form>`)
  return answer === true
}

/** @typedef {{ label: string, icon?: string, style?: string, press: () => void }} MenuItem */
/** A menu that opens below its button. */
export const menu = component((/** @type {unknown} */ label, /** @type {string} */ name, /** @type {() => (MenuItem | null | false)[]} */ items, /** @type {string} */ style = '') => {
  const open = signal(false)
  /** @type {HTMLElement} */
  let host = document.body
  const close = () => {
    open.value = false
    ;/** @type {HTMLElement | null} */ (host.querySelector('button'))?.focus()
  }
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (!open.peek()) return
    const entries = /** @type {HTMLElement[]} */ ([...host.querySelectorAll('[role=menuitem]')])
    const at = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement))
    if (event.key === 'Escape') close()
    else if (event.key === 'ArrowDown') entries[(at + 1) % entries.length]?.focus()
    else if (event.key === 'ArrowUp') entries[(at - 1 + entries.length) % entries.length]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return html`<div class="menu" ref=${(/** @type {HTMLElement} */ e) => (host = e)} @keydown=${onKey} @focusout=${(/** @type {FocusEvent} */ e) => {
    if (!host.contains(/** @type {Node | null} */ (e.relatedTarget))) open.value = false
  }}>
    <button type="button" class=${`button ${style}`} aria-haspopup="menu" aria-label=${name} title=${name} aria-expanded=${() => String(open.value)} @click=${() => (open.value = !open.peek())}>${label}</button>
    ${() => open.value && html`<div class="menu-list" role="menu" aria-label=${name} ref=${(/** @type {HTMLElement} */ e) => queueMicrotask(() => /** @type {HTMLElement | null} */ (e.querySelector('[role=menuitem]'))?.focus())}>
      ${items().map((item) => item && html`<button type="button" role="menuitem" class=${item.style ?? ''} @click=${() => {
        close()
        item.press()
      }}>${item.icon && icon(item.icon)}<span>${item.label}</span></button>`)}</div>`}
  </div>`
})

export { component, html, mount, svg }
