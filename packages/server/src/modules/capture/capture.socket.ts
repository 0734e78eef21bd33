// `report_player_events`: the plug-in's reports while its room is open.
import type { PlayerReports } from './player-reports.ts';
import type { CaptureSession, SocketHandler } from './ports.ts';

export function captureSocketHandlers({ playerReports }: { playerReports: PlayerReports }): {
  report_player_events: SocketHandler<'report_player_events', CaptureSession>;
} {
  return {
    report_player_events: {
      permission: null,
      handle: (session, { events, sentAt }) => playerReports.take(session, events, sentAt),
    },
  };
}
