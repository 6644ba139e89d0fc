/** The pages of staff. */

import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '@/shared/theme.css'
import 'virtual:rare-han.css'
import '@/shared/forms/forms.css'
import './desk.css'
import './operations.css'
import { createApp } from 'vue'
import { i18n } from '@/shared/i18n'
import { applyTheme } from '@/shared/theme'
import App from './App.vue'
import { router } from './router'
import { loadDeskWords } from './words'

applyTheme()
void loadDeskWords().then(() => createApp(App).use(i18n).use(router).mount('#app'))
