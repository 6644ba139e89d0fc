/** The pages of parties, and of anybody who wants to verify. */

import '@/shared/theme.css'
import 'virtual:rare-han.css'
import '@/shared/forms/forms.css'
import './party.css'
import { createApp } from 'vue'
import { i18n, loadLanguage } from '@/shared/i18n'
import { applyTheme } from '@/shared/theme'
import App from './App.vue'
import { router } from './router'

applyTheme()
// The first page is on its way while the words are.
const app = createApp(App).use(i18n).use(router)
void loadLanguage().then(() => app.mount('#app'))
