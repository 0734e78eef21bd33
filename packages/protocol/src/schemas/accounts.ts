// better-auth owns /v1/auth/*; these are the bodies of our own routes around it.
import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { PERMISSIONS, ROLES } from '../roles.ts';
import { currencySchema, epochMsSchema, originSchema } from './basics.ts';

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
  /** A show ends by itself after this long on air, unless somebody keeps it. */
  maxLiveMin: z.int().min(30).max(1_440),
});

export const updateOrganizationSettingsSchema = organizationSettingsSchema.omit({ id: true }).partial();

/** Shown once, on creation or rotation. */
export const secretShownOnceSchema = z.strictObject({ secret: z.string() });
export const secretNameSchema = z.enum(['order_webhook', 'viewer_token']);

/** What the console sends to /v1/auth/*: nothing else is let through to better-auth. */
export const signUpSchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  email: z.email().max(254),
  password: z.string().max(256),
});
export const signInSchema = z.strictObject({
  email: z.string().max(254),
  password: z.string().max(256),
  rememberMe: z.boolean().optional(),
});
export const changePasswordSchema = z.strictObject({
  currentPassword: z.string().max(256),
  newPassword: z.string().max(256),
  revokeOtherSessions: z.boolean().default(true),
});
export const createOrganizationSchema = z.strictObject({ name: z.string().trim().min(1).max(80) });
export const answerInvitationSchema = z.strictObject({ invitationId: z.string().min(1).max(64) });
export const setActiveOrganizationSchema = z.strictObject({ organizationId: z.string().min(1).max(64) });
export const signedInSchema = z.strictObject({ user: z.strictObject({ id: z.string(), name: z.string(), email: z.string() }) });

export const roleSchema = z.enum(ROLES);
export const memberSchema = z.strictObject({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  joinedAt: epochMsSchema,
});
export const inviteMemberSchema = z.strictObject({ email: z.email().max(254), role: roleSchema });
export const updateMemberSchema = z.strictObject({ role: roleSchema });
/** `link` is what the invited person opens; who has it and the invited address may join. */
export const invitationSchema = z.strictObject({
  id: z.string(),
  email: z.string(),
  role: roleSchema,
  expiresAt: epochMsSchema,
  link: z.url(),
});
/** What an invited person sees before accepting. */
export const invitationForMeSchema = z.strictObject({ id: z.string(), orgName: z.string(), email: z.string(), role: roleSchema });

export const apiKeySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  /** First characters, to tell keys apart. */
  start: z.string(),
  createdAt: epochMsSchema,
  lastUsedAt: epochMsSchema.nullable(),
  expiresAt: epochMsSchema.nullable(),
});
export const createApiKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  role: roleSchema,
  expiresInDays: z.int().min(1).max(730).nullable().default(null),
});
/** `key` is shown this once. */
export const apiKeyCreatedSchema = apiKeySchema.extend({ key: z.string() });

export type Member = z.infer<typeof memberSchema>;
export type Invitation = z.infer<typeof invitationSchema>;
export type InvitationForMe = z.infer<typeof invitationForMeSchema>;
export type ApiKey = z.infer<typeof apiKeySchema>;
export type ApiKeyCreated = z.infer<typeof apiKeyCreatedSchema>;
export type CreateApiKey = z.input<typeof createApiKeySchema>;
export type Me = z.infer<typeof meSchema>;
export type OrganizationSettings = z.infer<typeof organizationSettingsSchema>;
export type UpdateOrganizationSettings = z.infer<typeof updateOrganizationSettingsSchema>;
export type SecretShownOnce = z.infer<typeof secretShownOnceSchema>;
export type SecretName = z.infer<typeof secretNameSchema>;
