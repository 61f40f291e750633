// @ts-check
// An address that leads nowhere, or where one may not go.

import { component, html } from '../kit/ui.js'
import { t } from '../lang/words.js'

export const nowhere = component(() => html`<div class="empty"><h1>${t('There is nothing here for you')}</h1>
  <p>${t('The address is wrong, or you are not allowed to see what it shows. Ask an administrator if you need it.')}</p>
  <a class="button" href="/app">${t('To the start')}</a></div>`)
