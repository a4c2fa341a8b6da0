/* features/identity/cap.h - what may be done: the product's capabilities; roles map to them as data. */
#ifndef FEATURES_IDENTITY_CAP_H
#define FEATURES_IDENTITY_CAP_H

#include "http/route.h"

typedef enum Cap {
    /* per outlet */
    CAP_FILE = CAP_FIRST_OWN, /* write and submit stories: 记者, 责任编辑, 总编 */
    CAP_DRAFTS,   /* see the outlet's drafts: 记者, 责任编辑, 总编, 指导教师 */
    CAP_RELEASE,  /* release or return another's story: 责任编辑, 总编 */
    CAP_CORRECT,  /* issue a correction: 责任编辑, 总编 */
    CAP_WITHDRAW, /* withdraw a story: 责任编辑, 总编 */
    CAP_MEDIA,    /* upload pictures: 记者, 责任编辑, 总编 */
    CAP_IMPORT_STORIES, /* take in old stories as 补录: 总编; and alliance-wide 登记员, 管理员 */
    CAP_FEEDS, /* what feeds the outlet is read from: 责任编辑, 总编; alliance-wide 登记员, 管理员 */
    CAP_ANSWER, /* answer for the outlet to the office (self-check of the annual review): 责任编辑, 总编, 指导教师 */
    CAP_HANDOVER, /* propose or sign who answers for the outlet: as above; alliance-wide 登记员, 管理员 */
    /* alliance */
    CAP_REGISTER, /* outlets: file, change, suspend, strike, import: 登记员, 管理员 (import only by the command line) */
    CAP_PEOPLE,   /* units, people, grants, invitations: 管理员, 登记员 (grants of outlets) */
    CAP_SETTINGS, /* alliance settings: 管理员 */
    CAP_JOBS,     /* what is owed: 管理员 */
    CAP_END
} Cap;

#endif
