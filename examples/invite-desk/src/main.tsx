import { ApolloProvider } from '@apollo/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from './client';
import { Desk } from './desk';
import { holdDoubleClicks } from './double-clicks';
import './styles/tokens.css';
import './styles/page.css';
import './styles/health.css';
import './styles/controls.css';
import './styles/table.css';
import './styles/row.css';
import './styles/dialogs.css';
import './styles/narrow.css';

const root = document.getElementById('desk');
if (!root) throw new Error('index.html has no #desk.');

holdDoubleClicks(document);

createRoot(root).render(
  <StrictMode>
    <ApolloProvider client={createClient()}>
      <Desk />
    </ApolloProvider>
  </StrictMode>,
);
