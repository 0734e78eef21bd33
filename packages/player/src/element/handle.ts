// The object a shop gets by `insp('ready', ...)`: the same requests the buttons make.
import { isId, type PlayerHandle, type ProductId } from '@insp/protocol';
import type { PlayerSite } from '../loader/mount-contract.ts';
import type { Action } from '../store/action.ts';
import type { MediaMediator } from '../store/media-mediator.ts';
import type { PlayerState } from '../store/player-state.ts';
import type { Ask } from '../store/requests.ts';
import type { ShopLink } from './shop-link.ts';

export function createPlayerHandle(deps: {
  state(): PlayerState;
  ask: Ask;
  media: MediaMediator;
  dispatch(action: Action): void;
  site: PlayerSite;
  shop: ShopLink;
  destroy(): void;
}): PlayerHandle {
  const { state, ask, media, site } = deps;
  return {
    open: () => ask('open', { by: 'page' }),
    close: () => ask('close'),
    play: () => media.play(),
    pause: () => media.pause(),
    seek: (position) => (position === 'live' ? media.seekLive() : media.seek(position)),
    mute: (isMuted) => media.setMuted(isMuted),
    minimise: () => ask('minimise'),
    restore: () => ask('restore'),
    pip: () => ask('toggle_pip'),
    showProduct(id) {
      const product = state().shelf.products.find((known) => known.id === id || known.externalId === id);
      if (!product || !isId('prd', product.id)) return;
      if (state().surface === 'closed') ask('open', { by: 'page' });
      deps.dispatch({ type: 'product_linked', productId: product.id as ProductId });
    },
    setLocale: (locale) => site.host.setAttribute('locale', locale),
    setCurrency: (currency) => site.host.setAttribute('currency', currency),
    setConsent: (consent) => site.hub.run('consent', [consent]),
    setViewerToken: (token) => deps.shop.setViewerToken(token),
    updateProducts: (products) => deps.shop.giveProducts(products),
    playback: () => media.playback(),
    destroy: deps.destroy,
  };
}
