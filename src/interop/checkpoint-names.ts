// The files of a Hugging Face folder: weights in one file, or in several that an index names.
export const WEIGHTS_FILE = 'model.safetensors';
export const WEIGHTS_INDEX_FILE = 'model.safetensors.index.json';
export const CONFIG_FILE = 'config.json';
export const PREPROCESSOR_FILE = 'preprocessor_config.json';
/** Where transformers.js looks for the model. */
export const ONNX_FILE = 'onnx/model.onnx';
/** What transformers calls the variant "fp16". */
export const HALF_WEIGHTS_FILE = 'model.fp16.safetensors';
export const CARD_FILE = 'README.md';
