import path from 'node:path'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

/** Builds the pages into `src/web/dist`; diagrams, modeler and forms are chunks of their own, loaded when needed. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: false })],
  resolve: { dedupe: ['preact', 'flatpickr', 'diagram-js', 'bpmn-js'] },
  build: {
    outDir: path.join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    // The modeler with its code editor for FEEL is large and loaded by process owners only.
    chunkSizeWarningLimit: 3_000,
    reportCompressedSize: false,
  },
})
