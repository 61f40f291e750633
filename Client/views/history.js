// @ts-check
// Messages, notes, changes and steps of the machine in one stream; a note and a message to others look different and say which they are.

import { component, html, icon, showFailure, toast } from '../kit/ui.js'
import { computed, signal } from '../kit/reactive.js'
import { records } from '../data/api.js'
import { showMoment } from '../data/format.js'
import { t } from '../lang/words.js'
import { fileLink } from './files.js'

/** @param {import('./record.js').RecordState} state */
export const history = component((state) => {
  const filter = signal('all')
  const kind = signal('note')
  const isSending = signal(false)
  const lines = computed(() => (state.data.value?.history ?? []).filter((/** @type {any} */ line) => filter.value === 'all' || (filter.value === 'changes') === (line.tracking_value_ids?.length > 0)))
  /** @param {SubmitEvent} event */
  async function send(event) {
    event.preventDefault()
    const input = /** @type {HTMLTextAreaElement} */ (document.getElementById('composer'))
    if (!input.value.trim()) return input.focus()
    isSending.value = true
    try {
      await records.method(state.model, 'message_post', {
        body: input.value, message_type: 'comment', subtype_xmlid: kind.peek() === 'note' ? 'mail.mt_note' : 'mail.mt_comment',
      }, [state.data.peek().id])
      input.value = ''
      await state.reload()
      toast(kind.peek() === 'note' ? t('The note was kept.') : t('The message was sent.'))
    } catch (error) {
      showFailure(error)
    } finally {
      isSending.value = false
    }
  }
  return html`<section class="block history"><h3>${t('History')}</h3>
    <form class=${() => `composer ${kind.value}`} @submit=${send}>
      <div class="composer-kinds" role="radiogroup" aria-label=${t('What you write')}>${[['note', 'note', 'Internal note'], ['message', 'mail', 'Message to followers']].map(([value, symbol, label]) => html`<label><input type="radio" name="kind" value=${value} ?checked=${kind.peek() === value} @change=${() => (kind.value = value)}>${icon(symbol)}<span>${t(label)}</span></label>`)}</div>
      <label class="visually-hidden" for="composer">${t('Text')}</label>
      <textarea class="input" id="composer" rows="2" @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && (e.ctrlKey || e.metaKey) && (e.preventDefault(), e.stopPropagation(), /** @type {any} */ (e.target).form.requestSubmit())}></textarea>
      <div class="dialog-foot"><button type="submit" class="button" ?disabled=${isSending}>${() => (kind.value === 'note' ? t('Keep note') : t('Send to followers'))}</button></div></form>
    <div class="chips" role="group" aria-label=${t('Show')}>${[['all', 'Everything'], ['words', 'Messages and notes'], ['changes', 'Changes']].map(([value, label]) => html`<button type="button" class="pill" aria-pressed=${() => String(filter.value === value)} @click=${() => (filter.value = value)}>${t(label)}</button>`)}</div>
    <ol class="timeline">${() => lines.value.map(entry)}</ol></section>`
})

/** @param {any} line */
function entry(line) {
  const changes = line.tracking_value_ids ?? []
  const isNote = line.is_internal || /note/i.test(line.subtype_id?.display_name ?? '')
  const look = changes.length ? 'activity' : line.message_type === 'notification' ? 'activity' : isNote ? 'note' : 'mail'
  const kind = changes.length ? '' : line.message_type === 'notification' ? '' : isNote ? t('Internal note') : t('Message')
  return html`<li class=${`entry ${look}`}><span class="entry-mark">${icon(look)}</span><div class="entry-body">
    <p class="entry-head"><strong>${line.author_id?.display_name ?? t('Baton')}</strong> ${kind && html`<span class=${`chip ${look === 'mail' ? 'info' : 'warn'}`}>${kind}</span>`} <time class="dim" datetime=${line.date}>${showMoment(line.date)}</time></p>
    ${line.subject && html`<p class="strong">${line.subject}</p>`}
    ${line.body && html`<p class="entry-text">${line.body}</p>`}
    ${line.attachment_ids?.length > 0 && html`<p class="entry-files">${line.attachment_ids.map((/** @type {any} */ file) => fileLink({ id: file.id, name: file.display_name }))}</p>`}
    ${changes.length > 0 && html`<ul class="changes">${changes.map((/** @type {any} */ change) => html`<li><span class="dim">${t(change.field_desc)}:</span> ${change.old_value_char && html`<del>${change.old_value_char}</del> `}<span aria-hidden="true">→</span> <ins>${change.new_value_char || '–'}</ins></li>`)}</ul>`}</div></li>`
}
