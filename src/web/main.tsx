import { render } from 'preact'
import './styles/base.css'
import './styles/shell.css'
import './styles/content.css'
import { App } from './app.tsx'
import { loadSession } from './session.ts'

const root = document.getElementById('app')
if (!root) throw new Error('index.html has no element #app')
void loadSession()
render(<App />, root)
