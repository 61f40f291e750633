// @ts-check
// Code: a plain text field, which becomes an editor with line numbers and colours once it comes on screen, where set-up brought the editor.
import { component, hasPart, html } from '../../kit/ui.js'
import { onCleanup, signal } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'

/**
 * @typedef {object} CodeOf
 * @property {string} id of what is typed into; a label names it
 * @property {string} name
 * @property {'javascript' | 'json' | 'html' | 'python'} language
 * @property {() => string} text
 * @property {(text: string) => void} set
 * @property {boolean} [whole] whether the text is taken when one is done with it, and not at each letter
 * @property {number} [rows]
 * @property {boolean} [required]
 * @property {string} [describedBy]
 * @property {() => boolean} [isWrong]
 */

export const codeField = component((/** @type {CodeOf} */ of) => {
  const { id, name, text, set, whole, rows, required, describedBy, isWrong } = of
  const isRich = signal(false)
  /** @type {(() => void) | undefined} */
  let stop
  let isGone = false
  onCleanup(() => {
    isGone = true
    stop?.()
  })
  /** @param {HTMLTextAreaElement} area */
  function watch(area) {
    if (!hasPart('code')) return
    const onScreen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return
      onScreen.disconnect()
      import('./code-editor.js').then((m) => m.load().then((CodeMirror) => {
        if (isGone) return
        isRich.value = true
        stop = m.become(CodeMirror, area, { ...of, help: `${id}-keys` })
      })).catch(() => {})
    })
    onScreen.observe(area)
    onCleanup(() => onScreen.disconnect())
  }
  const take = (/** @type {any} */ e) => set(e.target.value)
  return html`<div class="code-field"><textarea class="input code" dir="ltr" id=${id} name=${name} rows=${rows ?? 8} spellcheck="false" autocapitalize="none" ?required=${required ?? false} .value=${text}
    aria-describedby=${describedBy ?? null} aria-invalid=${() => (isWrong?.() ? 'true' : null)} ref=${watch} @input=${(/** @type {any} */ e) => !whole && take(e)} @change=${take}></textarea>
    <span class="hint" id=${`${id}-keys`}>${() => isRich.value && t('Tab indents. Esc and then Tab leaves the field.')}</span></div>`
})
