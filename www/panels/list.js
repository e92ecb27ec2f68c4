// The panels, in the order in which they stand in their places, and in which they follow a change: the samples first.

import diagram from "./diagram/panel.js";
import settings from "./settings/panel.js";
import figure from "./figure/panel.js";
import dataSpace from "./data-space/panel.js";
import samples from "./samples/panel.js";
import whatToLookFor from "./what-to-look-for/panel.js";
import slowMotion from "./slow-motion/panel.js";
import dirac from "./dirac/panel.js";
import timeline from "./timeline/panel.js";
import lesson from "./lesson/panel.js";
import lessons from "./lessons/panel.js";
import losses from "./losses/panel.js";
import meanOutput from "./mean-output/panel.js";
import densityQuality from "./density-quality/panel.js";
import imageQuality from "./image-quality/panel.js";
import conditionalAccuracy from "./conditional-accuracy/panel.js";
import outputs from "./outputs/panel.js";
import signals from "./signals/panel.js";

/** @type {import("./panel.js").PanelDefinition[]} */
export const PANELS = [
  lesson,
  figure,
  dataSpace,
  samples,
  timeline,
  diagram,
  settings,
  whatToLookFor,
  lessons,
  slowMotion,
  dirac,
  losses,
  meanOutput,
  densityQuality,
  imageQuality,
  conditionalAccuracy,
  outputs,
  signals,
];
