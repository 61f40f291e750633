// @ts-check
// Calls of the server. One function, errors with the server's code, sentence and instruction, and the state of the connection.

import { signal } from '../kit/reactive.js'
import { t } from '../lang/words.js'
import { forgetSeen, recall, remember } from './seen.js'

/** What the server refused, or that it could not be reached. */
export class Refused extends Error {
  /** @param {number} status @param {any} problem */
  constructor(status, problem) {
    super(problem.detail ?? t('The server did not answer as expected.'))
    this.status = status
    this.code = problem.code ?? 'server.unknown'
    this.instruction = problem.instruction ?? ''
    this.details = problem.details ?? {}
  }
}

/** Whether the server can be reached: `live`, `reconnecting` or `offline`. */
export const connection = signal(/** @type {'live' | 'reconnecting' | 'offline'} */ ('live'))
/** Raised when the session has ended, so that the sign-in form is shown over what was being done. */
export const sessionEnded = signal(false)

/** Calls that never wait for the connection: what they do must be seen to be done. */
const steps = ['action', 'method', 'bulk', 'delete', 'import']

/**
 * Calls the server.
 * @param {string} name
 * @param {Record<string, any>} [body]
 * @param {AbortSignal} [abort]
 * @param {boolean} [again] whether this is the step again, after its person has shown once more who they are
 * @returns {Promise<any>}
 */
export async function call(name, body = {}, abort, again = false) {
  let response
  try {
    response = await fetch(`/app/api/${name}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), credentials: 'same-origin', signal: abort,
    })
  } catch (error) {
    if (abort?.aborted) throw error
    connection.value = navigator.onLine ? 'reconnecting' : 'offline'
    const seen = recall(name, body)
    if (seen !== undefined) return seen
    throw new Refused(0, {
      code: 'client.unreachable', detail: t('The server cannot be reached.'),
      instruction: steps.includes(name) ? t('Nothing was done, and nothing waits to be sent. Do it again when the connection is back.') : t('What you typed is kept. Try again when the connection is back.'),
    })
  }
  if (connection.peek() !== 'live') connection.value = 'live'
  if (response.ok) {
    const answer = await response.json()
    remember(name, body, answer)
    return answer
  }
  const problem = await response.json().catch(() => ({}))
  if (response.status === 401) forgetSeen()
  if (response.status === 401 && name !== 'start') sessionEnded.value = true
  if (problem.code === 'login.proof_needed' && !again) {
    const { prove } = await import('../shell/prove.js')
    if (await prove(problem.details ?? {})) return call(name, body, abort, true)
    throw new Refused(response.status, { ...problem, detail: t('Nothing was done: it was not shown that it is you.'), instruction: '' })
  }
  throw new Refused(response.status, problem)
}

/**
 * A call of the session routes, in their envelope.
 * @param {string} path
 * @param {Record<string, any>} params
 */
async function session(path, params) {
  const response = await fetch(`/web/session/${path}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, credentials: 'same-origin',
    body: JSON.stringify({ jsonrpc: '2.0', method: 'call', id: 1, params }),
  })
  const answer = await response.json()
  if (answer.error) {
    const data = answer.error.data ?? {}
    throw new Refused(answer.error.code ?? 400, { code: data.code ?? data.name, detail: data.message ?? answer.error.message, details: data.context })
  }
  return answer.result
}

/**
 * Begins a session.
 * @param {string} login
 * @param {string} password
 * @param {string} totp The code of a second factor; empty before it is asked for.
 */
export const signIn = (login, password, totp) => session('authenticate', { login, password, ...(totp && { totp }) })
/** Ends the session. */
export const signOut = () => session('destroy', {})

/** A key that nobody else has; also where the page came without TLS. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Reads and changes of one model. */
export const records = {
  /** @param {string} model @param {number} id @param {boolean} [describe] */
  read: (model, id, describe = false) => call('record', { model, id, describe }),
  /** @param {string} model @param {number | null} id @param {number | null} version @param {Record<string, any>} values @param {string} [once] the save's own key, by which it is done once however often it is sent */
  save: (model, id, version, values, once = newKey()) => call('save', { model, ...(id && { id }), ...(version && { version }), values, once }),
  /** @param {string} model @param {number} id @param {string} name @param {Record<string, any>} [args] @param {number} [version] */
  act: (model, id, name, args = {}, version = undefined) => call('action', { model, id, name, arguments: args, ...(version && { version }) }),
  /** @param {string} model @param {string} text @param {Record<string, any>} [more] */
  choices: (model, text, more = {}) => call('choices', { model, text, ...more }),
  /** @param {string} model @param {string} name @param {Record<string, any>} [args] @param {number[]} [ids] */
  method: (model, name, args = {}, ids = undefined) => call('method', { model, name, arguments: args, ...(ids && { ids }) }),
}
