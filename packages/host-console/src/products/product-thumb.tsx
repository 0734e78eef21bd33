import type { Product } from '@insp/protocol';
import classes from './product-thumb.module.css';

/** The picture of a product beside its name; the name says it all, so the picture is decoration. */
export function ProductThumb({ product, sizePx = 36 }: { product: Product | undefined; sizePx?: number }) {
  const style = { width: sizePx, height: sizePx };
  if (!product?.imageUrl) return <span className={classes.thumb} style={style} aria-hidden="true" />;
  return <img className={classes.thumb} style={style} src={product.imageUrl} alt="" width={sizePx} height={sizePx} loading="lazy" />;
}
