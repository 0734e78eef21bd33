// The demo picture: 9:16 as phones hold it, 25 frames a second. Stills are a little larger than the frame, so that the
// picture can drift over them.
export const FRAME = { width: 720, height: 1280, perSec: 25 } as const;
export const STILL = { width: 752, height: 1312 } as const;
export const FRAME_BYTES = (FRAME.width * FRAME.height * 3) / 2;
export const STILL_BYTES = (STILL.width * STILL.height * 3) / 2;

export const AUDIO = { samplesPerSec: 44_100, bytesPerSample: 2 } as const;
