/** Little is lost at it, and a frame of 1920 x 1080 has some 600 KB. */
const QUALITY = 0.95;

/** What a video shows at this moment, as a JPEG of its own size. Throws where the canvas is refused. */
export async function frameOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}
