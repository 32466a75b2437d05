#include "app/front/caller.hpp"

#include <array>

#include <gtest/gtest.h>

#include "app/front/origin.hpp"

namespace hayate::front {
namespace {

struct Row {
    std::string_view who;
    Caller caller;
    // public, page, api while a key is needed, api while the server is open, admin
    std::array<int, 5> status;
};

Caller keyed(Role role) {
    return {.role = role, .credential = Credential::kApiKey, .key_id = "k_1"};
}

int status_of(const Status& status) {
    return status ? 200 : base::shape_of(status.error().kind).http_status;
}

TEST(Authorize, FollowsItsTable) {
    const std::vector<Row> rows{
        {"nobody", {}, {200, 401, 401, 200, 401}},
        {"visitor", {.credential = Credential::kPageCookie}, {200, 200, 401, 200, 401}},
        {"user key", keyed(Role::kUser), {200, 200, 200, 200, 403}},
        {"service key", keyed(Role::kService), {200, 200, 200, 200, 403}},
        {"admin key", keyed(Role::kAdmin), {200, 200, 200, 200, 200}},
        {"admin session",
         {.role = Role::kAdmin, .credential = Credential::kAdminSession},
         {200, 401, 401, 401, 200}},
        // A role without the credential that carries it opens nothing.
        {"forged role", {.role = Role::kAdmin}, {200, 401, 401, 200, 401}},
    };
    for (const Row& row : rows) {
        const std::array<int, 5> found{status_of(authorize(Need::kPublic, row.caller, true)),
                                       status_of(authorize(Need::kPage, row.caller, true)),
                                       status_of(authorize(Need::kApi, row.caller, true)),
                                       status_of(authorize(Need::kApi, row.caller, false)),
                                       status_of(authorize(Need::kAdmin, row.caller, true))};
        EXPECT_EQ(found, row.status) << row.who;
        // Only the API looks at whether the server is open.
        EXPECT_EQ(status_of(authorize(Need::kAdmin, row.caller, false)), row.status[4]) << row.who;
        EXPECT_EQ(status_of(authorize(Need::kPage, row.caller, false)), row.status[1]) << row.who;
    }
}

TEST(Caller, OwnsAsCustomerElseKeyElseVisitor) {
    Caller caller{.tenant = "t", .visitor = "v1"};
    EXPECT_EQ(caller.subject(), "visitor:v1");
    caller.key_id = "k_1";
    EXPECT_EQ(caller.subject(), "key:k_1");
    caller.customer = "c-001";
    EXPECT_EQ(caller.owner(), (store::Owner{.tenant = "t", .subject = "customer:c-001"}));
    EXPECT_FALSE(caller.is_anonymous());
}

TEST(Caller, SpeaksForACustomerOnlyWithAServiceOrAdminKey) {
    EXPECT_EQ(on_behalf_of(keyed(Role::kService), "c-001")->customer, "c-001");
    EXPECT_EQ(on_behalf_of(keyed(Role::kAdmin), "c-001")->customer, "c-001");
    EXPECT_FALSE(on_behalf_of(keyed(Role::kUser), "c-001")->customer);
    EXPECT_FALSE(on_behalf_of({.role = Role::kService}, "c-001")->customer);
    EXPECT_FALSE(on_behalf_of(keyed(Role::kService), "")->customer);
    const auto refused = on_behalf_of(keyed(Role::kService), "c\r\nset-cookie: x");
    EXPECT_EQ(refused.error().kind, ErrorKind::kBadRequest);
    EXPECT_EQ(refused.error().param, "user");
}

TEST(Caller, ACustomerIdIsVisibleAsciiOfBoundedLength) {
    EXPECT_TRUE(is_customer_id("c-001"));
    EXPECT_TRUE(is_customer_id("jo@shop.example"));
    EXPECT_TRUE(is_customer_id(std::string(128, 'x')));
    for (const std::string& bad :
         {std::string(), std::string(129, 'x'), std::string("a b"), std::string("a\n"),
          std::string("a\0b", 3), std::string("\x1b[31m"), std::string("\xe2\x80\xa8"),
          std::string("\x7f")}) {
        EXPECT_FALSE(is_customer_id(bad));
    }
}

TEST(Caller, RolesHaveNames) {
    for (const Role role : {Role::kUser, Role::kService, Role::kAdmin}) {
        EXPECT_EQ(role_of(name_of(role)), role);
    }
    EXPECT_FALSE(role_of("root"));
    EXPECT_FALSE(role_of("Admin"));
    EXPECT_FALSE(role_of(""));
}

TEST(Origin, OnlyTheExactOneMayUseTheCookie) {
    const std::vector<std::string> allowed{"https://shop.example", "http://localhost:5173"};
    const auto is_ok = [&](std::string_view origin, std::string_view host = "chat.example:8080") {
        return is_allowed_origin(origin, host, allowed);
    };
    EXPECT_TRUE(is_ok("http://chat.example:8080"));
    EXPECT_TRUE(is_ok("https://chat.example:8080"));  // behind a proxy that ends TLS
    EXPECT_TRUE(is_ok("http://chat.example:8080", "Chat.Example:8080"));
    EXPECT_TRUE(is_ok("https://shop.example"));
    EXPECT_TRUE(is_ok("http://localhost:5173"));
    EXPECT_TRUE(is_ok("http://[::1]:8080", "[::1]:8080"));
    for (const char* origin : {"",
                               "null",
                               "*",
                               "http://chat.example",
                               "http://chat.example:80800",
                               "http://chat.example:808",
                               "https://shop.example.evil.com",
                               "https://evilshop.example",
                               "https://shop.example/",
                               "https://SHOP.example",
                               "https://shop.example:443",
                               "http://shop.example",
                               "https://sub.shop.example",
                               "https://shop.example@evil.com",
                               "https://xn--shop-example",
                               "file://",
                               "ws://chat.example:8080",
                               " https://shop.example",
                               "https://shop.example\n",
                               "http://localhost:51730",
                               "http://[::1]:5173",
                               "http://127.0.0.1:5173"}) {
        EXPECT_FALSE(is_ok(origin)) << origin;
    }
    // A Host header cannot be bent to make an origin right.
    EXPECT_FALSE(is_ok("http://evil.com/x", "evil.com/x"));
    EXPECT_FALSE(is_ok("http://", ""));
    EXPECT_FALSE(is_ok("http://a@b", "a@b"));
}

TEST(Origin, AListenerOnLoopbackAnswersToLoopbackNamesOnly) {
    const std::vector<std::string> allowed{"https://shop.example"};
    for (const char* host : {"localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080",
                             "LocalHost:8080", "shop.example"}) {
        EXPECT_TRUE(is_allowed_host(host, true, allowed)) << host;
    }
    for (const char* host : {"rebound.evil.com", "rebound.evil.com:8080", "", "localhost.evil.com",
                             "127.0.0.1.nip.io", "localhost/x", "shop.example:1"}) {
        EXPECT_FALSE(is_allowed_host(host, true, allowed)) << host;
        EXPECT_TRUE(is_allowed_host(host, false, allowed)) << host;
    }
}

}  // namespace
}  // namespace hayate::front
