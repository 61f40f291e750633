// @ts-check
// The editor of code: CodeMirror, as set-up takes it from Debian's package. Loaded when the first field of code comes on screen.
import { effect, root } from '../../kit/reactive.js'

const modes = {
  javascript: 'javascript', json: { name: 'javascript', json: true }, html: { name: 'htmlmixed' }, python: { name: 'python' },
}
/** @type {Promise<any> | null} */
let loading = null

/** @param {string} address */
const sheet = (address) => new Promise((done, fail) => {
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = address
  link.onload = () => done(null)
  link.onerror = fail
  document.head.append(link)
})

/** The editor's program and its styles. */
export function load() {
  const base = document.documentElement.dataset.base
  loading ??= Promise.all([import(`${base}/vendor/code.js`), sheet(`${base}/vendor/code.css`), sheet(`${base}/styles/code.css`)]).then(([module]) => module.default)
  loading.catch(() => (loading = null))
  return loading
}

/**
 * Puts the editor in the place of a text field.
 * @param {any} CodeMirror
 * @param {HTMLTextAreaElement} area
 * @param {import('./code.js').CodeOf & { help: string }} of
 * @returns {() => void} lets go of it
 */
export function become(CodeMirror, area, { id, language, text, set, whole, required, describedBy, isWrong, help }) {
  const hadFocus = document.activeElement === area
  const unit = language === 'python' ? 4 : 2
  /** @param {any} cm */
  const indent = (cm) => (cm.somethingSelected() ? cm.indentSelection('add') : cm.replaceSelection(' '.repeat(unit - (cm.getCursor().ch % unit))))
  const keys = { Tab: indent, 'Shift-Tab': (/** @type {any} */ cm) => cm.indentSelection('subtract'), Esc: () => leave(true) }
  const cm = CodeMirror((/** @type {Element} */ element) => area.replaceWith(element), {
    value: area.value, mode: modes[language], inputStyle: 'contenteditable', direction: 'ltr', lineNumbers: true, lineWrapping: true, matchBrackets: true,
    indentUnit: unit, tabSize: unit, viewportMargin: Infinity, extraKeys: keys,
  })
  let leaves = false
  /**
   * After Escape the Tab key goes on to what follows, so that nobody is kept in the field.
   * @param {boolean} now
   */
  function leave(now) {
    if (now === leaves) return
    leaves = now
    cm.setOption('extraKeys', now ? { ...keys, Tab: false, 'Shift-Tab': false } : keys)
  }
  cm.on('keydown', (/** @type {any} */ _, /** @type {KeyboardEvent} */ e) => !['Escape', 'Tab', 'Shift'].includes(e.key) && leave(false))
  const input = /** @type {HTMLElement} */ (cm.getInputField())
  const label = document.querySelector(`label[for="${CSS.escape(id)}"]`)
  if (label) {
    label.id ||= `${id}-label`
    label.addEventListener('click', () => cm.focus())
    input.setAttribute('aria-labelledby', label.id)
  }
  input.id = id
  for (const [name, value] of Object.entries({ role: 'textbox', 'aria-multiline': 'true', 'aria-required': required ? 'true' : null, 'aria-describedby': [describedBy, help].filter(Boolean).join(' ') })) if (value) input.setAttribute(name, value)
  const take = () => cm.getValue() !== text() && set(cm.getValue())
  cm.on('blur', () => {
    leave(false)
    take()
  })
  if (!whole) cm.on('change', (/** @type {any} */ _, /** @type {any} */ change) => change.origin !== 'setValue' && take())
  // Saving by the keyboard asks the field that has the focus for what it holds.
  cm.getWrapperElement().addEventListener('change', take)
  if (hadFocus) {
    cm.focus()
    cm.setCursor(cm.posFromIndex(area.selectionStart))
  }
  return root(() => {
    effect(() => {
      const now = text()
      if (now !== cm.getValue()) cm.setValue(now)
    })
    effect(() => void (isWrong?.() ? input.setAttribute('aria-invalid', 'true') : input.removeAttribute('aria-invalid')))
  })
}
