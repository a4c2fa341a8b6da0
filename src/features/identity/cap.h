/* features/identity/cap.h - what may be done: the product's capabilities; roles map to them as data. */
#ifndef FEATURES_IDENTITY_CAP_H
#define FEATURES_IDENTITY_CAP_H

#include "http/route.h"

typedef enum Cap {
    /* per outlet */
    CAP_FILE = CAP_FIRST_OWN, /* write and submit stories: 记者, 责任编辑, 部门主任, 总编 */
    CAP_DRAFTS,               /* see the outlet's drafts: all who work there, 指导教师 */
    CAP_RELEASE, /* release or return another's story: 责任编辑, 部门主任, 分管领导, 总编 */
    CAP_CORRECT,  /* issue a correction: 责任编辑, 总编 */
    CAP_WITHDRAW, /* withdraw a story: 责任编辑, 总编 */
    CAP_MEDIA,    /* upload pictures: 记者, 责任编辑, 部门主任, 总编 */
    CAP_IMPORT_STORIES, /* take in old stories as 补录: 总编; and alliance-wide 登记员, 管理员 */
    CAP_REVIEW_FIRST,  /* 初审: 责任编辑, 部门主任, 总编 */
    CAP_REVIEW_SECOND, /* 复审: 部门主任, 分管领导, 总编 */
    CAP_REVIEW_FINAL,  /* 终审, and the release of what it passed: 分管领导, 总编 */
    CAP_PROOFREAD,     /* 校对: 校对员, 记者, 责任编辑, 部门主任, 总编 */
    CAP_FEEDS, /* what feeds the outlet is read from: 责任编辑, 总编; alliance-wide 登记员, 管理员 */
    CAP_ANSWER, /* answer for the outlet to the office (self-check of the annual review): 责任编辑, 总编, 指导教师 */
    CAP_HANDOVER, /* propose or sign who answers for the outlet: as above; alliance-wide 登记员, 管理员 */
    /* alliance */
    CAP_REGISTER, /* outlets: file, change, suspend, strike, import: 登记员, 管理员 (import only by the command line) */
    CAP_PEOPLE,   /* units, people, grants, invitations: 管理员, 登记员 (grants of outlets) */
    CAP_SETTINGS, /* alliance settings: 管理员 */
    CAP_JOBS,     /* what is owed: 管理员 */
    CAP_RULES,    /* the proofreader's own rules and names: 总编 of the alliance, 管理员 */
    CAP_END
} Cap;

#endif
