/** Each of the eight ways as a call in Keras or TensorFlow. */
import * as words from "../words/en/upsampling.ts";
import type { Way } from "./ways.ts";

export const CALLS: Record<Way, string> = {
  nearest: "UpSampling2D(2)",
  bilinear: 'UpSampling2D(2, interpolation="bilinear")',
  corners: "tf.compat.v1.image.resize_bilinear(..., align_corners=True)",
  zeros: words.firstHalf("Conv2DTranspose"),
  transposed3: 'Conv2DTranspose(1, 3, strides=2, padding="same")',
  transposed4: 'Conv2DTranspose(1, 4, strides=2, padding="same")',
  resize: words.then("UpSampling2D(2)", 'Conv2D(1, 3, padding="same")'),
  shuffle: words.then('Conv2D(4, 3, padding="same")', "tf.nn.depth_to_space(..., 2)"),
};
