// @ts-check
// The files of a record: those that can be shown page by page open in the viewer, and each can be kept.

import { html, icon } from '../kit/ui.js'
import { showBytes } from '../data/format.js'
import { t } from '../lang/words.js'

/**
 * A file by its name, leading to its pages.
 * @param {{ id: number, name: string }} file
 */
export const fileLink = ({ id, name }) => html`<a class="file-link" href=${`/app/attachment/${id}`}>${icon('paperclip')}<span>${name}</span></a>`

/** @param {import('./record.js').RecordState} state */
export const files = (state) => () => {
  const all = state.data.value?.files ?? []
  return all.length > 0 && html`<section class="block"><h3>${t('Files')} <span class="dim number">${all.length}</span></h3><ul class="file-list">${all.map((/** @type {any} */ file) => html`<li>${fileLink(file)}<span class="dim number">${file.file_size ? showBytes(file.file_size) : ''}</span>
    <a class="button small plain square" href=${`/attachments/${file.id}/content`} download aria-label=${t('Keep {name}', { name: file.name })} title=${t('Keep {name}', { name: file.name })}>${icon('download')}</a></li>`)}</ul></section>`
}
