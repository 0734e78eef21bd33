// Routes of the console, below /console. Pages that draw much come in chunks of their own.
import { lazy, Suspense } from 'react';
import { Route, Router, Switch } from 'wouter';
import { InvitationPage } from './accounts/invitation-page.tsx';
import { RegisterPage } from './accounts/register-page.tsx';
import { Session } from './accounts/session.tsx';
import { SignInPage } from './accounts/sign-in-page.tsx';
import { ShowPage } from './planning/show-page.tsx';
import { ShowsPage } from './planning/shows-page.tsx';
import { SettingsPage } from './settings/settings-page.tsx';
import { Shell } from './ui/shell.tsx';
import { EmptyState, LoadingLines } from './ui/states.tsx';

const LivePage = lazy(() => import('./live/live-page.tsx').then(({ LivePage: page }) => ({ default: page })));
const ReportPage = lazy(() => import('./reports/report-page.tsx').then(({ ReportPage: page }) => ({ default: page })));

export function App() {
  return (
    <Router base="/console">
      <Switch>
        <Route path="/sign-in" component={SignInPage} />
        <Route path="/register" component={RegisterPage} />
        <Route path="/invitations/:invitationId">
          {({ invitationId }) => (
            <Session isOrganizationNeeded={false}>
              <InvitationPage invitationId={invitationId} />
            </Session>
          )}
        </Route>
        <Route>
          <Session>
            <Suspense fallback={<LoadingLines />}>
              <Switch>
                <Route path="/" component={ShowsPage} />
                <Route path="/shows/:showId">{({ showId }) => <ShowPage key={showId} showId={showId} />}</Route>
                <Route path="/shows/:showId/live">{({ showId }) => <LivePage key={showId} showId={showId} />}</Route>
                <Route path="/shows/:showId/report">{({ showId }) => <ReportPage key={showId} showId={showId} />}</Route>
                <Route path="/settings">
                  <SettingsPage part="organization" />
                </Route>
                <Route path="/settings/:part">{({ part }) => <SettingsPage part={part} />}</Route>
                <Route>
                  <Shell title="No such page">
                    <EmptyState title="There is nothing at this address">Go to Shows, above.</EmptyState>
                  </Shell>
                </Route>
              </Switch>
            </Suspense>
          </Session>
        </Route>
      </Switch>
    </Router>
  );
}
