// @ts-check
// Links to several records: each can be taken away, and others added.
import { component, html, icon } from '../../kit/ui.js'
import { t } from '../../lang/words.js'
import { link } from './link.js'

export const links = component((/** @type {import('../edit.js').Editing} */ editing) => {
  const list = () => editing.value() || []
  return html`<div class="stack tight"><div class="tags">${() => list().map((/** @type {any} */ each) => html`<span class="facet"><span class="facet-words">${each.display_name}</span>
    <button type="button" aria-label=${t('Remove {name}', { name: each.display_name })} @click=${() => editing.set(list().filter((/** @type {any} */ other) => other.id !== each.id))}>${icon('x')}</button></span>`)}</div>
    ${link({ ...editing, value: () => false, set: (row) => row && !list().some((/** @type {any} */ each) => each.id === row.id) && editing.set([...list(), row]) })}</div>`
})
