import { decodeWith } from '../src/data/decode.ts';
import { pictureWorkHere } from '../src/data/picture-work.ts';
import { decodePixels } from '../src/platform/browser/decode.ts';
import { servedPictureWork } from '../src/rpc/picture-worker.ts';
import { serve } from '../src/rpc/serve.ts';

serve(servedPictureWork(pictureWorkHere(decodeWith(decodePixels))));
