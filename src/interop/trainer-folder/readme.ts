import type { TrainerArguments, TrainerSettings } from './trainer-settings.ts';

/** What a folder for the Trainer holds, for its README. */
export interface TrainerContents {
  /** What the pictures and the weights are called. */
  readonly dataName: string;
  readonly dataHash: string;
  readonly weightsName: string;
  readonly classes: readonly string[];
  /** Pictures and objects by split. */
  readonly splits: readonly { readonly name: string; readonly pictures: number; readonly objects: number }[];
  /** True where the set has no test split, so that validation stands in for it. */
  readonly testIsValidation: boolean;
  /** Difficult objects that were left out of validation and test. */
  readonly difficultLeftOut: number;
  /** Objects that had no area inside their picture. */
  readonly outsideLeftOut: number;
}

/** The version whose example script the folder was written for: Trainer and script change together. */
const TRANSFORMERS = '4.51.3';

/** The command that trains, a flag a line. */
export function trainerCommand(settings: TrainerSettings, { epochs, squareSize }: TrainerArguments): string {
  const flags = [
    'accelerate launch --multi_gpu --num_processes $GPUS train.py',
    '--model_name_or_path ./model --dataset_name ./dataset --output_dir out',
    '--do_train --do_eval',
    `--image_square_size ${squareSize}`,
    `--num_train_epochs ${epochs}`,
    `--learning_rate ${settings.lr} --weight_decay ${settings.weightDecay} --max_grad_norm ${settings.clip}`,
    '--per_device_train_batch_size $EACH',
    '--fp16 --dataloader_num_workers 4',
    '--remove_unused_columns false --eval_do_concat_batches false',
    '--eval_strategy epoch --save_strategy epoch --save_total_limit 2',
    '--metric_for_best_model eval_map --greater_is_better true --load_best_model_at_end true',
    `--seed ${settings.seed}`,
  ];
  return flags.join(' \\\n      ');
}

/** The text of README.md: what to install, the command, what is as in the run and what is not. */
export function trainerReadme(settings: TrainerSettings, taken: TrainerArguments, contents: TrainerContents): string {
  const perStep = counted(taken.picturesPerStep, 'picture');
  const { classes, splits, weightsName, dataName, dataHash } = contents;
  const counts = splits.map(({ name, pictures, objects }) => `| ${name} | ${pictures} | ${objects} |`).join('\n');
  return `# ${dataName}, for many GPUs

The weights "${weightsName}" and the data set "${dataName}", as the Trainer of Hugging Face transformers takes them: with its own
example script, on one machine or several, with the split, the classes, the settings and the starting weights of Detrain.

## Train

    pip install "transformers==${TRANSFORMERS}" "datasets>=2.19,<4" torch torchvision accelerate timm torchmetrics pycocotools albumentations
    curl -LO https://raw.githubusercontent.com/huggingface/transformers/v${TRANSFORMERS}/examples/pytorch/object-detection/run_object_detection.py

    GPUS=2                          # how many cards
    EACH=$(( (${taken.picturesPerStep} + GPUS - 1) / GPUS ))   # pictures a card: ${perStep} a step together, as in the settings
    ${trainerCommand(settings, taken)}

On a single card leave \`--multi_gpu --num_processes $GPUS\` out. The rates were chosen for ${perStep} a step.

## Back to Detrain

\`out/\` is a checkpoint like any other: \`npm run predict -- out PICTURE.jpg\`, \`npm run evaluate -- out --data DATA\`, \`npm run train -- --model out\`,
or drop its \`config.json\`, \`preprocessor_config.json\` and \`model.safetensors\` together on the page.

## What is in it

${classes.length === 1 ? '1 class' : `${classes.length} classes, in this order`}: ${classes.join(', ')}. Data hash ${dataHash}.

| split | pictures | objects |
|---|---|---|
${counts}

- \`test\` ${contents.testIsValidation ? "is a copy of validation: the script wants one, and the set has none. Its figures are validation's, and no measure of anything unseen" : 'is the test split of the set'}.
- Pictures are byte for byte those of the set; boxes are cut at the edges of their picture${contents.outsideLeftOut > 0 ? `; ${counted(contents.outsideLeftOut, 'object')} with no area inside ${contents.outsideLeftOut === 1 ? 'was' : 'were'} left out` : ''}.
- Objects marked difficult are trained on, as in Detrain. In validation and test they are left out${contents.difficultLeftOut > 0 ? ` (${contents.difficultLeftOut} of them)` : ' (there are none)'}: the script's metric has no
  way of ignoring them, so that one which is found counts as a mistake. Figures are therefore not quite those of VOC's own rules.

## What is as in the settings, and what is not

- The same: starting weights with their class head, split, class order, dropout, weight decay on all weights, both learning rates (backbone ${settings.lrBackbone}), the ${settings.schedule} schedule${settings.warmupSteps > 0 ? ` with its warm-up` : ''}, gradient clipping${settings.clip === 0 ? ' (off)' : ` at ${settings.clip}`}, auxiliary losses,
  ${settings.freezeBackbone ? `a frozen backbone${settings.freezeEncoder ? ' and encoder' : ''}, ` : ''}and passes over the training split: ${counted(settings.steps, 'step')} of ${perStep} ${settings.steps === 1 ? 'is' : 'are'} ${taken.epochs} epochs.
- Another: the script's augmentation (blur, perspective, crops, colour), its order of pictures, half precision, COCO's metric by torchmetrics at the end of each epoch.
- Another: the script scales the *longest* edge to ${taken.squareSize} px and pads to a square. ${taken.squareSize} is the longest that the training pictures become with a shortest edge of ${settings.size} px.
${settings.headSteps > 0 ? `- Not there: the ${counted(settings.headSteps, 'step')} at the start in which Detrain trains the class head alone.\n` : ''}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
