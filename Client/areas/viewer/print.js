// @ts-check
// Prints the pages of a document as they are drawn, one to a sheet.

import { showFailure } from '../../kit/ui.js'
import { t } from '../../lang/words.js'

/** @param {import('./pages.js').Book} book */
export async function printPages(book) {
  const sheets = document.createElement('div')
  sheets.className = 'print-pages'
  for (const { number } of book.pages.peek()) {
    const picture = new Image()
    picture.src = `${book.address}/pages/${number}.png`
    picture.alt = t('Page {n}', { n: number })
    sheets.append(picture)
  }
  try {
    await Promise.all([...sheets.querySelectorAll('img')].map((picture) => picture.decode()))
  } catch (error) {
    return showFailure({ message: t('The pages could not be loaded.'), instruction: t('Try again in a minute.'), cause: error })
  }
  document.body.append(sheets)
  document.body.classList.add('prints-pages')
  try {
    print()
  } finally {
    document.body.classList.remove('prints-pages')
    sheets.remove()
  }
}
