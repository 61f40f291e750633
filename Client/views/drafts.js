// @ts-check
// What was typed and not saved, kept for this tab and person: offered again after a crash or when a session ended. Secrets are left out,
// and whoever signs out leaves nothing behind.

import { me } from '../shell/state.js'

/** @param {string} model @param {number | null} id */
const key = (model, id) => `baton.draft ${me.peek().id} ${model} ${id ?? 'new'}`
const secret = /password|secret|token|key/i

/** @param {string} model @param {number | null} id @param {number} version @param {Record<string, any>} fields @param {Record<string, any>} values */
export function keepDraft(model, id, version, fields, values) {
  const kept = Object.fromEntries(Object.entries(values).filter(([name]) => fields[name] && !secret.test(name)))
  try {
    if (Object.keys(kept).length) sessionStorage.setItem(key(model, id), JSON.stringify({ version, values: kept }))
    else sessionStorage.removeItem(key(model, id))
  } catch { /* a full store keeps nothing; the form still has it */ }
}
/** @param {string} model @param {number | null} id @returns {{ version: number, values: Record<string, any> } | null} */
export function keptDraft(model, id) {
  try {
    return JSON.parse(sessionStorage.getItem(key(model, id)) ?? 'null')
  } catch {
    return null
  }
}
/** @param {string} model @param {number | null} id */
export const dropDraft = (model, id) => sessionStorage.removeItem(key(model, id))
