// better-auth owns /v1/auth/*; these are the bodies of our own routes around it.
import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { PERMISSIONS, ROLES } from '../roles.ts';
import { currencySchema, originSchema } from './basics.ts';

export const meSchema = z.strictObject({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  mustChangePassword: z.boolean(),
  organizations: z.array(z.strictObject({ id: z.string(), name: z.string(), role: z.enum(ROLES) })),
  active: z
    .strictObject({ orgId: z.string(), orgName: z.string(), role: z.enum(ROLES), permissions: z.array(z.enum(PERMISSIONS)) })
    .nullable(),
});

export const organizationSettingsSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  currency: currencySchema,
  locale: z.string(),
  /** Sites that may embed shows; exact origins. */
  storeOrigins: z.array(originSchema).max(LIMITS.storeOriginsPerOrg),
  productFeedUrl: z.url().nullable(),
  /** Where a shopper watches: the embed page shown in the console preview. */
  shopUrl: z.url().nullable(),
  encoderGraceSec: z.int().min(10).max(600),
});

export const updateOrganizationSettingsSchema = organizationSettingsSchema.omit({ id: true }).partial();

/** Shown once, on creation or rotation. */
export const secretShownOnceSchema = z.strictObject({ secret: z.string() });
export const secretNameSchema = z.enum(['order_webhook', 'viewer_token']);

export type Me = z.infer<typeof meSchema>;
export type OrganizationSettings = z.infer<typeof organizationSettingsSchema>;
export type UpdateOrganizationSettings = z.infer<typeof updateOrganizationSettingsSchema>;
export type SecretShownOnce = z.infer<typeof secretShownOnceSchema>;
export type SecretName = z.infer<typeof secretNameSchema>;
