import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { VantResolver } from '@vant/auto-import-resolver'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'
import { compressed } from './build/compressed.ts'
import { hints } from './build/hints.ts'
import { ownFont } from './build/ownFont.ts'
import { rareHan } from './build/rareHan.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  plugins: [
    ownFont(here('src/.generated')),
    rareHan(here('node_modules/hanamin')),
    vue(),
    // Only components that a template names are loaded, each with its own style: <van-…> on phones, <el-…> at desks.
    Components({ dirs: [], dts: false, resolvers: [VantResolver(), ElementPlusResolver()] }),
    hints({
      '/': ['party/pages/LandingPage.vue'],
      '/matters': ['party/pages/MattersPage.vue'],
      '/new': ['party/pages/NewPage.vue'],
      '/join': ['party/pages/JoinPage.vue'],
      '/me': ['party/pages/MePage.vue'],
      '/verify': ['party/pages/VerifyPage.vue'],
      '/c/*': ['party/pages/FilingPage.vue'],
      '/s/*': ['party/pages/LinkPage.vue'],
      '/cases/*': ['party/pages/CaseFrame.vue', 'party/pages/CasePage.vue'],
      '/cases/*/house': ['party/pages/CaseFrame.vue', 'party/pages/HousePage.vue'],
      '/cases/*/sign/*': ['party/pages/CaseFrame.vue', 'party/pages/SignPage.vue'],
      '/cases/*/contract': ['party/pages/CaseFrame.vue', 'party/pages/ContractPage.vue'],
    }),
    compressed(),
  ],
  resolve: { alias: { '@': here('src'), '@schemas': here('../docs/schemas') } },
  define: { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  build: {
    outDir: here('../qianshu/built_pages'),
    emptyOutDir: true,
    // The policy allows no data: scripts or styles; a file of its own can be kept for ever.
    assetsInlineLimit: 0,
    // WeChat's browsers on phones of some years ago.
    target: ['es2020', 'chrome87', 'safari14'],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rollupOptions: { input: { party: here('index.html'), desk: here('desk.html') } },
  },
  // Tests read the catalogue of errors.
  server: { proxy: { '/v1': process.env.QIANSHU_URL ?? 'http://127.0.0.1:8080' }, fs: { allow: [here('.'), here('../docs')] } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
})
