import type { ComponentType } from 'preact'
import { lazy } from './components/lazy.tsx'
import { Busy, Empty } from './components/state.tsx'
import { CasePage } from './pages/case.tsx'
import { CasesPage } from './pages/cases.tsx'
import { IncidentsPage } from './pages/incidents.tsx'
import { LogInPage } from './pages/log-in.tsx'
import { RegisterPage } from './pages/register.tsx'
import { SupervisionPage } from './pages/supervision.tsx'
import { TasksPage } from './pages/tasks.tsx'
import { follow, location } from './router.ts'
import { logOut, type Session, session } from './session.ts'
import { texts } from './texts/index.ts'

interface Page {
  path: string
  title: string
  group: keyof typeof texts.navigationGroups
  allowed(session: Session): boolean
  component: ComponentType
  /** Fills the window and scrolls its own parts. */
  bare?: boolean
}

const everyone = () => true

const pages: Page[] = [
  { path: '/', title: texts.pages.tasks, group: 'work', allowed: everyone, component: TasksPage, bare: true },
  { path: '/cases', title: texts.pages.cases, group: 'work', allowed: everyone, component: CasesPage },
  {
    path: '/filing',
    title: texts.pages.filing,
    group: 'affairs',
    allowed: ({ allowed }) => allowed.fileCase,
    component: lazy(async () => (await import('./pages/filing.tsx')).FilingPage),
  },
  {
    path: '/registers/initial-reception',
    title: texts.pages.register,
    group: 'affairs',
    allowed: ({ allowed }) => allowed.readRegister,
    component: RegisterPage,
  },
  {
    path: '/supervision',
    title: texts.pages.supervision,
    group: 'management',
    allowed: ({ allowed }) => allowed.supervise,
    component: SupervisionPage,
  },
  {
    path: '/incidents',
    title: texts.pages.incidents,
    group: 'management',
    allowed: ({ allowed }) => allowed.resolveIncidents,
    component: IncidentsPage,
  },
  {
    path: '/modeler',
    title: texts.pages.modeler,
    group: 'management',
    allowed: everyone,
    component: lazy(async () => (await import('./pages/modeler.tsx')).ModelerPage),
    bare: true,
  },
]

/** The whole application: log-in, or masthead, navigation and the page of the address. */
export function App() {
  const current = session.value
  if (current === undefined) return <Busy />
  if (current === null) return <LogInPage />
  const { path } = location.value
  const casePath = /^\/cases\/([0-9a-f-]{36})$/.exec(path)?.[1]
  const page = pages.find((candidate) => candidate.path === path)
  const title = casePath ? texts.pages.cases : (page?.title ?? texts.notFound.title)
  document.title = `${title} · ${texts.product}`
  return (
    // Links anywhere below change the page without loading it anew; they stay links for keyboard and screen readers.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links themselves take the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div class="shell" onClick={follow}>
      <header class="masthead">
        <a class="skip" href="#main">
          {texts.skip}
        </a>
        <h1>{`${current.court} · ${texts.product}`}</h1>
        <span class="space" />
        <span>
          {current.user.roleNames.join('、')}　{current.user.displayName}
        </span>
        <button type="button" class="button" onClick={() => void logOut()}>
          {texts.signOut}
        </button>
      </header>
      <Navigation session={current} path={casePath ? '/cases' : path} />
      <main id="main" class={page?.bare ? 'page bare' : 'page'} tabIndex={-1} aria-label={title}>
        {casePath ? <CasePage key={casePath} caseId={casePath} /> : <Content page={page} session={current} />}
      </main>
    </div>
  )
}

function Content({ page, session: current }: { page: Page | undefined; session: Session }) {
  if (!page) {
    return (
      <Empty>
        <h2>{texts.notFound.title}</h2>
        <p>{texts.notFound.text}</p>
      </Empty>
    )
  }
  if (!page.allowed(current)) return <Empty>{texts.noPermission}</Empty>
  const { component: Component } = page
  return <Component key={page.path} />
}

function Navigation({ session: current, path }: { session: Session; path: string }) {
  const groups = Object.entries(texts.navigationGroups).map(([group, name]) => ({
    name,
    pages: pages.filter((page) => page.group === group && page.allowed(current)),
  }))
  return (
    <nav class="navigation" aria-label={texts.navigation}>
      {groups
        .filter((group) => group.pages.length > 0)
        .map((group) => (
          <div key={group.name}>
            <h2>{group.name}</h2>
            <ul>
              {group.pages.map((page) => (
                <li key={page.path}>
                  <a href={page.path} aria-current={page.path === path ? 'page' : undefined}>
                    {page.title}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
    </nav>
  )
}
