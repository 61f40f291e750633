// @ts-check
/** @type {Record<string, string>} */
export const words = {}
