import { defineConfig } from 'vitest/config'

const engine = ['test/engine/**/*.test.ts', 'test/conformance/**/*.test.ts']

export default defineConfig({
  test: {
    // Two cores: more workers than this only make the real parts (PostgreSQL, Chromium) fight.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      // Nothing of the engine is global: its files share a process, which spares loading everything for each of them.
      { extends: true, test: { name: 'engine', include: engine, isolate: false } },
      { extends: true, test: { name: 'product', include: ['test/**/*.test.ts'], exclude: engine } },
    ],
  },
})
