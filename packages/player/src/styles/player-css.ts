// The stylesheets of the player in their order; the layouts come last, because they change what stands before them.

import adaptationsCss from './adaptations.css?inline';
import chatCss from './chat.css?inline';
import composerCss from './composer.css?inline';
import controlsCss from './controls.css?inline';
import frameCss from './frame.css?inline';
import launcherCss from './launcher.css?inline';
import miniCss from './mini.css?inline';
import narrowLandscapeCss from './narrow-landscape.css?inline';
import noticesCss from './notices.css?inline';
import particlesCss from './particles.css?inline';
import productsCss from './products.css?inline';
import railCss from './rail.css?inline';
import replayCss from './replay.css?inline';
import sceneCss from './scene.css?inline';
import sheetsCss from './sheets.css?inline';
import stageCss from './stage.css?inline';
import wideCss from './wide.css?inline';

export const playerCss = [
  frameCss,
  stageCss,
  controlsCss,
  sceneCss,
  chatCss,
  railCss,
  productsCss,
  sheetsCss,
  composerCss,
  replayCss,
  particlesCss,
  noticesCss,
  miniCss,
  launcherCss,
  narrowLandscapeCss,
  wideCss,
  adaptationsCss,
].join('\n');
