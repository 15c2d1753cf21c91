/** Who may import whom; see docs/technical/architecture.md. @type {import('dependency-cruiser').IConfiguration} */
const capabilities = '^src/(procedure|calendar|cases|documents|dossier|supervision|identity|database)/'
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'engine-stands-alone',
      comment: 'The engine knows nothing of courts and could be published on its own.',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^(src/(?!engine/)|workers/|scripts/|test/)' },
    },
    {
      name: 'only-orchestration-knows-the-sdk',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/(orchestration|engine/api/)' },
      to: { path: 'node_modules/@camunda8/' },
    },
    {
      name: 'only-orchestration-starts-the-engine',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/(orchestration|engine)/' },
      to: { path: '^src/engine/' },
    },
    {
      name: 'capabilities-below-delivery',
      comment: 'Capabilities never import http, web or workers, nor what composes them.',
      severity: 'error',
      from: { path: capabilities },
      to: { path: '^(workers/|src/(http|web|rehearsal|demo)/|src/(application|main|cli)\\.ts)' },
    },
    {
      name: 'workers-are-thin',
      comment: 'A worker calls capabilities; it knows neither database nor web.',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: '^src/(database|http|web)/' },
    },
    {
      name: 'environment-in-config-only',
      severity: 'error',
      from: { path: '^src/(?!(main|cli|application|config)\\.ts|demo/|http/)' },
      to: { path: '^src/config\\.ts' },
    },
    {
      name: 'product-not-on-tests',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { path: '^(test|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // swc sees type-only imports too; it cannot parse JSX, so the pages (.tsx) are left to the type check.
    parser: 'swc',
    exclude: { path: ['src/(web/dist|database/generated)', '[.]tsx$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
}
