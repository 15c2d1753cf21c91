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
      to: { path: '^(workers/|src/(http|web|rehearsal|demo)/|src/(application|main|cli)[.]ts)' },
    },
    {
      name: 'capabilities-beside-each-other',
      comment: 'A capability uses the database, the calendar and the procedure; of the others it is handed what it needs.',
      severity: 'error',
      from: { path: '^src/(cases|documents|dossier|supervision|identity)/' },
      to: { path: '^src/(cases|documents|dossier|supervision|identity|orchestration)/', pathNot: '^src/$1/' },
    },
    {
      name: 'procedure-is-data',
      comment: 'The regulation stands alone, so that pages, linter and capabilities can all read it.',
      severity: 'error',
      from: { path: '^src/procedure/' },
      to: { pathNot: '^src/procedure/' },
    },
    {
      name: 'calendar-and-database-at-the-bottom',
      severity: 'error',
      from: { path: '^src/(calendar|database)/' },
      to: { path: '^src/', pathNot: '^src/$1/' },
    },
    {
      name: 'only-the-database-knows-prisma',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/database/' },
      to: { path: 'node_modules/@prisma/|^src/database/generated/' },
    },
    {
      name: 'orchestration-below-the-court',
      comment: 'The seam to Camunda knows no case: capabilities and workers come to it from outside.',
      severity: 'error',
      from: { path: '^src/orchestration/' },
      to: { path: '^(workers/|src/(?!orchestration/|engine/|calendar/))' },
    },
    {
      name: 'engine-by-its-public-interface',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/engine/' },
      to: { path: '^src/engine/', pathNot: '^src/engine/(api/)?index[.]ts$' },
    },
    {
      name: 'nothing-on-the-pages',
      comment: 'The server shares one text with them: how a form says what is wrong.',
      severity: 'error',
      from: { path: '^(src/(?!web/)|workers/)' },
      to: { path: '^src/web/', pathNot: '^src/web/texts/form-js[.]ts$' },
    },
    {
      name: 'only-composition-knows-workers',
      severity: 'error',
      from: { path: '^src/(?!application[.]ts)' },
      to: { path: '^workers/' },
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
      from: { path: '^src/(?!(main|cli|application|config|data-directory)[.]ts|demo/)' },
      to: { path: '^src/config[.]ts' },
    },
    {
      name: 'product-not-on-tests',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { path: '^(test|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|^src/database/generated/' },
    // swc sees type-only imports too; it cannot parse JSX and does not tell types from values,
    // so what the pages may import is checked by test/web/imports.test.ts.
    parser: 'swc',
    exclude: { path: ['^src/web/dist/', '[.]tsx$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
}
