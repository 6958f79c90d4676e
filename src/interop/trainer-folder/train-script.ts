import type { TrainerSettings } from './trainer-settings.ts';

/**
 * The text of train.py: it gives the example script of transformers this folder's data with its class labels, and the run's
 * rates, then runs that script as it is. Written for huggingface/transformers @01080c6
 * `examples/pytorch/object-detection/run_object_detection.py`, which takes `load_dataset` and `Trainer` by name.
 */
export function trainScript(settings: TrainerSettings): string {
  const { steps, lr, lrBackbone, schedule, warmupSteps, lrDrop, freezeBackbone, freezeEncoder } = settings;
  const share = (part: number) => part / Math.max(1, steps);
  const frozen = [
    ...(freezeBackbone ? ['model.backbone.', 'model.input_projection.'] : []),
    ...(freezeEncoder ? ['model.encoder.'] : []),
  ];
  return `"""Trains the model of this folder on its pictures, with the Trainer of Hugging Face transformers.

Takes the arguments of transformers' own example script, run_object_detection.py, which has to lie beside this file or
at the path that RUN_OBJECT_DETECTION names. The README has the whole command.
"""

import json
import math
import os
import runpy
import sys

import datasets
import torch
import transformers

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPT = os.environ.get("RUN_OBJECT_DETECTION", os.path.join(HERE, "run_object_detection.py"))

# How the rates of the run went, as shares of its length; the Trainer's length may be another.
SCHEDULE = ${JSON.stringify(schedule)}
WARMUP_SHARE = ${share(warmupSteps)}
DROP_SHARE = ${lrDrop === null ? 'None' : share(lrDrop)}
# The backbone learns more slowly than the rest: its rate as a share of --learning_rate.
BACKBONE_SHARE = ${lr > 0 ? lrBackbone / lr : 1}
# What keeps its values.
FROZEN = ${pythonTuple(frozen)}


def features(labels):
    """The columns of metadata.jsonl; the class is a ClassLabel, which imagefolder alone would not make of a number."""
    return datasets.Features(
        {
            "image": datasets.Image(),
            "image_id": datasets.Value("int64"),
            "width": datasets.Value("int64"),
            "height": datasets.Value("int64"),
            "objects": datasets.Sequence(
                {
                    "id": datasets.Value("int64"),
                    "area": datasets.Value("float64"),
                    "bbox": datasets.Sequence(datasets.Value("float64")),
                    "category": datasets.ClassLabel(names=labels),
                }
            ),
        }
    )


def with_folder(load_dataset):
    """load_dataset, but a folder that has a labels.json is read as an imagefolder with those classes."""

    def load(path, *arguments, **options):
        labels = os.path.join(path, "labels.json")
        if not os.path.isfile(labels):
            return load_dataset(path, *arguments, **options)
        with open(labels, encoding="utf-8") as file:
            names = json.load(file)
        return load_dataset(
            "imagefolder", data_dir=path, features=features(names), cache_dir=options.get("cache_dir")
        )

    return load


def rate_factor(step, steps):
    """What the rates are multiplied by at a step, from 0, of so many."""
    warmup = round(WARMUP_SHARE * steps)
    warm = min(1.0, (step + 1) / (warmup + 1))
    if SCHEDULE == "step":
        return warm * 0.1 if DROP_SHARE is not None and step >= round(DROP_SHARE * steps) else warm
    if SCHEDULE == "constant" or step < warmup:
        return warm
    progress = min(1.0, (step - warmup) / max(1, steps - warmup))
    return (1 + math.cos(math.pi * progress)) / 2


class DetrTrainer(transformers.Trainer):
    """The Trainer with DETR's two rates, decay of every weight, and the run's schedule."""

    def create_optimizer(self, *arguments):
        if self.optimizer is None:
            backbone, rest = [], []
            for name, parameter in self.model.named_parameters():
                if FROZEN and name.startswith(FROZEN):
                    parameter.requires_grad_(False)
                if parameter.requires_grad:
                    (backbone if name.startswith("model.backbone.") else rest).append(parameter)
            rate = self.args.learning_rate
            groups = [{"params": rest, "lr": rate}]
            if backbone:
                groups.append({"params": backbone, "lr": rate * BACKBONE_SHARE})
            self.optimizer = torch.optim.AdamW(groups, lr=rate, weight_decay=self.args.weight_decay)
        return self.optimizer

    def create_scheduler(self, num_training_steps, optimizer=None):
        if self.lr_scheduler is None:
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
                self.optimizer if optimizer is None else optimizer,
                lambda step: rate_factor(step, num_training_steps),
            )
            self._created_lr_scheduler = True
        return self.lr_scheduler


def main():
    if not os.path.isfile(SCRIPT):
        sys.exit(f"There is no {SCRIPT}; expected the example script of transformers. The README says where to get it.")
    datasets.load_dataset = with_folder(datasets.load_dataset)
    transformers.Trainer = DetrTrainer
    # Nothing is to be told to anyone.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    runpy.run_path(SCRIPT, run_name="__main__")


if __name__ == "__main__":
    main()
`;
}

function pythonTuple(texts: readonly string[]): string {
  return `(${texts.map((text) => `${JSON.stringify(text)},`).join(' ')})`;
}
