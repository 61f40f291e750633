// @ts-check
// Messages, notes, changes and steps of the machine in one stream; a note and a message to others look different and say which they are.

import { component, html, icon, showFailure, toast } from '../kit/ui.js'
import { computed, effect, signal } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { showMoment } from '../data/format.js'
import { t } from '../lang/words.js'
import { fileLink } from './files.js'

/** The largest file beside a message, in bytes, and how much of it is turned into text at once. */
const LARGEST = 3_000_000
const PIECE = 8_192

/** @param {import('./record.js').RecordState} state */
export const history = component((state) => {
  const filter = signal('all')
  const kind = signal('note')
  const isSending = signal(false)
  const file = signal(/** @type {File | null} */ (null))
  /**
   * Keeps a file at the record; its id.
   * @param {File} given
   */
  async function keepFile(given) {
    if (given.size > LARGEST) throw { message: t('The file is larger than {n} MB.', { n: LARGEST / 1_000_000 }), instruction: t('Send it as a document instead.') }
    const bytes = new Uint8Array(await given.arrayBuffer())
    let text = ''
    for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE))
    return (await records.save('ir.attachment', null, null, { name: given.name, datas: btoa(text), res_model: state.model, res_id: state.data.peek().id })).id
  }
  const followers = signal(/** @type {string[] | null} */ (null))
  effect(() => {
    if (kind.value !== 'message' || followers.peek()) return
    call('search', { model: 'mail.followers', domain: [['res_model', '=', state.model], ['res_id', '=', state.data.peek().id]], fields: ['partner_id'], limit: 50 })
      .then((answer) => (followers.value = answer.rows.map((/** @type {any} */ row) => row.partner_id?.display_name).filter(Boolean)), () => (followers.value = []))
  })
  /** To whom it goes, in words: nobody sends to people whom they do not see. */
  const recipients = () => kind.value === 'note' ? t('Only people who may read this record see it. Nothing is sent.')
    : !followers.value ? '' : followers.value.length ? t('To: {names}', { names: followers.value.join(', ') }) : t('Nobody follows this record yet: nothing is sent.')
  const lines = computed(() => (state.data.value?.history ?? []).filter((/** @type {any} */ line) => filter.value === 'all' || (filter.value === 'changes') === (line.tracking_value_ids?.length > 0)))
  /** @param {SubmitEvent} event */
  async function send(event) {
    event.preventDefault()
    const input = /** @type {HTMLTextAreaElement} */ (document.getElementById('composer'))
    if (!input.value.trim()) return input.focus()
    isSending.value = true
    try {
      const attached = file.peek() ? [await keepFile(/** @type {File} */ (file.peek()))] : []
      await records.method(state.model, 'message_post', {
        body: input.value, message_type: 'comment', ...(attached.length && { attachment_ids: attached }), subtype_xmlid: kind.peek() === 'note' ? 'mail.mt_note' : 'mail.mt_comment',
      }, [state.data.peek().id])
      input.value = ''
      file.value = null
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
      <p class="composer-to" role="status">${() => html`${icon(kind.value === 'note' ? 'note' : 'send')}<span>${recipients()}</span>`}</p>
      <label class="visually-hidden" for="composer">${t('Text')}</label>
      <textarea class="input" id="composer" rows="2" @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && (e.ctrlKey || e.metaKey) && (e.preventDefault(), e.stopPropagation(), /** @type {any} */ (e.target).form.requestSubmit())}></textarea>
      <div class="dialog-foot"><label class="attach button">${icon('paperclip')}<span>${() => file.value?.name ?? t('Attach a file')}</span><input class="visually-hidden" type="file" @change=${(/** @type {any} */ e) => (file.value = e.target.files[0] ?? null)}></label><button type="submit" class="button" ?disabled=${isSending}>${() => (kind.value === 'note' ? t('Keep note') : t('Send to followers'))}</button></div></form>
    <div class="chips" role="group" aria-label=${t('Show')}>${[['all', 'Everything'], ['words', 'Messages and notes'], ['changes', 'Changes']].map(([value, label]) => html`<button type="button" class="pill" aria-pressed=${() => String(filter.value === value)} @click=${() => (filter.value = value)}>${t(label)}</button>`)}</div>
    <ol class="timeline">${() => lines.value.map(entry)}</ol></section>`
})

/** @param {any} line */
function entry(line) {
  const changes = line.tracking_value_ids ?? []
  const isNote = line.is_internal || /note/i.test(line.subtype_id?.display_name ?? '')
  const look = changes.length ? 'activity' : line.message_type === 'notification' ? 'activity' : isNote ? 'note' : 'mail'
  const kind = changes.length ? '' : line.message_type === 'notification' ? '' : isNote ? t('Internal note') : line.partner_ids?.length ? t('Sent to {names}', { names: line.partner_ids.map((/** @type {any} */ each) => each.display_name).join(', ') }) : t('Sent to followers')
  return html`<li class=${`entry ${look}`}><span class="entry-mark">${icon(look)}</span><div class="entry-body">
    <p class="entry-head"><strong>${line.author_id?.display_name ?? t('Baton')}</strong> ${kind && html`<span class=${`chip ${look === 'mail' ? 'info' : 'warn'}`}>${kind}</span>`} <time class="dim" datetime=${line.date}>${showMoment(line.date)}</time></p>
    ${line.subject && html`<p class="strong">${line.subject}</p>`}
    ${line.body && html`<p class="entry-text">${line.body}</p>`}
    ${line.attachment_ids?.length > 0 && html`<p class="entry-files">${line.attachment_ids.map((/** @type {any} */ file) => fileLink({ id: file.id, name: file.display_name }))}</p>`}
    ${changes.length > 0 && html`<ul class="changes">${changes.map((/** @type {any} */ change) => html`<li><span class="dim">${t(change.field_desc)}:</span> ${change.old_value_char && html`<del>${change.old_value_char}</del> `}<span aria-hidden="true">→</span> <ins>${change.new_value_char || '–'}</ins></li>`)}</ul>`}</div></li>`
}
