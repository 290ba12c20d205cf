/** What the eight ways are called, and what each does in a sentence. */
import type { Way } from "./ways.ts";

export interface Words {
  name: string;
  /** Where the name does not fit. */
  short: string;
  /** The call in Keras or TensorFlow. */
  call: string;
  does: string;
}

export const WORDS: Record<Way, Words> = {
  nearest: {
    name: "Nearest",
    short: "nearest",
    call: "UpSampling2D(2)",
    does: "Repeats every pixel in a block of 2 \u00d7 2. Nothing is learned.",
  },
  bilinear: {
    name: "Bilinear",
    short: "bilinear",
    call: 'UpSampling2D(2, interpolation="bilinear")',
    does: "Interpolates between pixel centres, so that the edges of both images meet (half-pixel centres, align_corners=False).",
  },
  corners: {
    name: "Bilinear, aligned corners",
    short: "aligned corners",
    call: "tf.compat.v1.image.resize_bilinear(..., align_corners=True)",
    does: "Interpolates so that the corner pixels meet. The step between samples is then not one half.",
  },
  zeros: {
    name: "Zero insertion",
    short: "zero insertion",
    call: "the first half of a strided Conv2DTranspose",
    does: "Puts a zero after every pixel, both ways. A convolution has to follow.",
  },
  transposed3: {
    name: "Transposed, k3 s2",
    short: "transposed k3",
    call: 'Conv2DTranspose(1, 3, strides=2, padding="same")',
    does: "Stamps a 3 \u00d7 3 kernel every second pixel. An output meets 1, 2 or 4 of the weights.",
  },
  transposed4: {
    name: "Transposed, k4 s2",
    short: "transposed k4",
    call: 'Conv2DTranspose(1, 4, strides=2, padding="same")',
    does: "Stamps a 4 \u00d7 4 kernel every second pixel. Inside, every output meets 4 of the weights.",
  },
  resize: {
    name: "Resize, then convolution",
    short: "resize-convolution",
    call: 'UpSampling2D(2), then Conv2D(1, 3, padding="same")',
    does: "Repeats every pixel, then slides a 3 \u00d7 3 kernel. Weights that fall on copies of one pixel add up.",
  },
  shuffle: {
    name: "Pixel shuffle",
    short: "pixel shuffle",
    call: 'Conv2D(4, 3, padding="same"), then tf.nn.depth_to_space(..., 2)',
    does: "Slides four 3 \u00d7 3 kernels over the small image and lays the four results out as blocks of 2 \u00d7 2.",
  },
};
