#include "app/front/identity.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "app/front/customer_token.hpp"
#include "core/base/crypto.hpp"
#include "test/support/test_shard.hpp"

namespace hayate::front {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int64_t kWallMs = 1'800'000'000'000;
const std::string kShopSecret(32, 's');

class FakeKeyStore : public store::KeyStore {
  public:
    Task<Status> add(store::ApiKey key, std::string hash, store::Wait) override {
        keys_[hash] = std::move(key);
        co_return Status();
    }
    Task<Result<std::optional<store::ApiKey>>> find(std::string hash, store::Wait) override {
        ++questions;
        if (is_down) co_return fail(ErrorKind::kUnavailable, "store", "down");
        const auto it = keys_.find(hash);
        if (it == keys_.end()) co_return std::optional<store::ApiKey>();
        co_return it->second;
    }
    Task<Result<std::vector<store::ApiKey>>> list(store::Wait) override {
        ++questions;
        if (is_down) co_return fail(ErrorKind::kUnavailable, "store", "down");
        std::vector<store::ApiKey> all;
        for (const auto& entry : keys_) all.push_back(entry.second);
        co_return all;
    }
    Task<Status> revoke(std::string id, store::Wait) override {
        for (auto& entry : keys_) {
            if (entry.second.id == id) entry.second.revoked_ms = 1;
        }
        co_return Status();
    }

    bool is_down = false;
    int questions = 0;

  private:
    std::map<std::string, store::ApiKey> keys_;
};

std::string shop_token(std::string_view payload, std::string_view secret = kShopSecret) {
    const std::string text = base::base64url(R"({"alg":"HS256"})") + "." + base::base64url(payload);
    return text + "." + base::base64url(base::as_view(base::hmac_sha256(secret, text)));
}

class IdentityTest : public ::testing::Test {
  protected:
    IdentityTest() { make({}); }

    /// A new Identity over the same store, with a clock that the test moves.
    void make(Identity::Options options) {
        options.customer_keys.keys.push_back(
            wire::JwtKey::hs256(base::Secret(kShopSecret)).value());
        options.now = [this] { return now_; };
        options.wall_ms = [] { return kWallMs; };
        identity_ = std::make_unique<Identity>(store_, base::Secret(std::string(32, 'p')), admins_,
                                               std::move(options));
    }
    std::string add_key(std::string role) {
        NewKey made = make_key("shop", std::move(role), "", 0);
        last_id_ = made.key.id;
        EXPECT_TRUE(shard_.run([&] { return store_.add(made.key, made.hash, {}); }));
        return std::string(made.text.reveal());
    }
    Result<Identified> identify(Need need, Credentials credentials) {
        return shard_.run([&] { return identity_->identify(need, credentials, {}); });
    }
    int status(Need need, Credentials credentials) {
        const auto found = identify(need, std::move(credentials));
        return found ? 200 : base::shape_of(found.error().kind).http_status;
    }
    /// The Cookie header that a browser would send after this Set-Cookie.
    static std::string cookie_of(const std::string& set_cookie) {
        return set_cookie.substr(0, set_cookie.find(';'));
    }

    test::TestShard shard_;
    FakeKeyStore store_;
    std::shared_ptr<AdminSessions> admins_ = std::make_shared<AdminSessions>();
    TimePoint now_ = TimePoint{} + seconds(1000);
    std::string last_id_;
    std::unique_ptr<Identity> identity_;
};

TEST_F(IdentityTest, AKeyGivesTenantAndRole) {
    const std::string key = add_key("service");
    for (const Credentials& shown :
         {Credentials{.authorization = "Bearer " + key}, Credentials{.api_key = key}}) {
        const auto found = identify(Need::kApi, shown);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->caller.tenant, "shop");
        EXPECT_EQ(found->caller.role, Role::kService);
        EXPECT_EQ(found->caller.subject(), "key:" + last_id_);
        EXPECT_FALSE(found->set_cookie);
    }
}

TEST_F(IdentityTest, TheApiIsOpenOnLoopbackUntilTheFirstKeyExists) {
    EXPECT_EQ(status(Need::kApi, {}), 200);
    EXPECT_EQ(status(Need::kApi, {.authorization = "Bearer sk-dummy"}), 200);
    const std::string key = add_key("user");
    now_ += seconds(5);
    EXPECT_EQ(status(Need::kApi, {}), 401);
    EXPECT_EQ(status(Need::kApi, {.authorization = "Bearer sk-dummy"}), 401);
    EXPECT_EQ(status(Need::kApi, {.api_key = key}), 200);
    // Revoking the last key does not open it again.
    EXPECT_TRUE(shard_.run([&] { return store_.revoke(last_id_, {}); }));
    now_ += seconds(10);
    EXPECT_EQ(status(Need::kApi, {}), 401);
    make({});
    EXPECT_EQ(status(Need::kApi, {}), 401);
}

TEST_F(IdentityTest, ThePolicyDecidesWhetherAKeyIsNeeded) {
    make({.is_loopback = false});
    EXPECT_EQ(status(Need::kApi, {}), 401);
    make({.key_policy = KeyPolicy::kRequired});
    EXPECT_EQ(status(Need::kApi, {}), 401);
    (void)add_key("user");
    make({.key_policy = KeyPolicy::kOff});
    EXPECT_EQ(status(Need::kApi, {}), 200);
    store_.is_down = true;
    make({});
    EXPECT_EQ(status(Need::kApi, {}), 401);  // it cannot be known: closed
    EXPECT_EQ(key_policy_of("auto"), KeyPolicy::kAuto);
    EXPECT_EQ(key_policy_of("off"), KeyPolicy::kOff);
    EXPECT_EQ(key_policy_of("anything else"), KeyPolicy::kRequired);
}

TEST_F(IdentityTest, AWrongKeyIsRefusedEvenWhereNoneIsNeeded) {
    const std::string unknown = "hk_" + std::string(43, 'x');
    for (const Need need : {Need::kPage, Need::kApi, Need::kAdmin}) {
        EXPECT_EQ(status(need, {.api_key = unknown}), 401);
        EXPECT_EQ(status(need, {.authorization = "Bearer hk_short"}), 401);
    }
    EXPECT_EQ(status(Need::kPublic, {.api_key = unknown}), 200);
}

TEST_F(IdentityTest, ARevokedKeyDiesWithinFiveSeconds) {
    const Credentials key{.api_key = add_key("user")};
    EXPECT_EQ(status(Need::kApi, key), 200);
    EXPECT_TRUE(shard_.run([&] { return store_.revoke(last_id_, {}); }));
    now_ += milliseconds(4999);
    EXPECT_EQ(status(Need::kApi, key), 200);
    now_ += milliseconds(1);
    EXPECT_EQ(status(Need::kApi, key), 401);
}

TEST_F(IdentityTest, TheStoreIsAskedOnceForAKnownOrMissingKey) {
    const Credentials key{.api_key = add_key("user")};
    const Credentials unknown{.api_key = "hk_" + std::string(43, 'x')};
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(status(Need::kApi, key), 200);
        EXPECT_EQ(status(Need::kApi, unknown), 401);
    }
    EXPECT_EQ(store_.questions, 2);
}

TEST_F(IdentityTest, AKnownKeyOutlivesTheStoreForAMinuteAndAnUnknownOneIsRefused) {
    const Credentials key{.api_key = add_key("user")};
    const Credentials other{.api_key = add_key("user")};
    EXPECT_EQ(status(Need::kApi, key), 200);
    store_.is_down = true;
    now_ += seconds(59);
    EXPECT_EQ(status(Need::kApi, key), 200);
    EXPECT_EQ(status(Need::kApi, other), 503);
    now_ += seconds(1);
    EXPECT_EQ(status(Need::kApi, key), 503);
    const auto refused = identify(Need::kApi, key);
    EXPECT_TRUE(refused.error().retry_after);
    store_.is_down = false;
    now_ += seconds(1);
    EXPECT_EQ(status(Need::kApi, other), 200);
}

TEST_F(IdentityTest, AFailingStoreIsLeftAloneForASecond) {
    const Credentials key{.api_key = add_key("user")};
    EXPECT_EQ(status(Need::kApi, key), 200);
    store_.is_down = true;
    store_.questions = 0;
    now_ += seconds(6);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(status(Need::kApi, key), 200);
    EXPECT_EQ(store_.questions, 1);
}

TEST_F(IdentityTest, ARoleOfANewerVersionOpensNothing) {
    EXPECT_EQ(status(Need::kApi, {.api_key = add_key("overlord")}), 401);
}

TEST_F(IdentityTest, AVisitorIsRecognisedByTheCookieItWasGiven) {
    const auto first = identify(Need::kPage, {});
    ASSERT_TRUE(first && first->set_cookie);
    EXPECT_TRUE(first->caller.is_anonymous());
    const std::string cookie = cookie_of(*first->set_cookie);
    const auto second = identify(Need::kPage, {.cookie = cookie});
    EXPECT_EQ(second->caller.owner(), first->caller.owner());
    EXPECT_FALSE(second->set_cookie);
    const auto tampered = identify(Need::kPage, {.cookie = cookie + "x"});
    EXPECT_NE(tampered->caller.visitor, first->caller.visitor);
    EXPECT_TRUE(tampered->set_cookie);
}

TEST_F(IdentityTest, SigningInKeepsTheVisitorAndSigningOutDoesNot) {
    const Caller visitor = identify(Need::kPage, {})->caller;
    const std::string cookie = cookie_of(identity_->sign_in(visitor, "c-001"));
    const Caller customer = identify(Need::kPage, {.cookie = cookie})->caller;
    EXPECT_EQ(customer.customer, "c-001");
    EXPECT_EQ(customer.visitor, visitor.visitor);
    const Caller after =
        identify(Need::kPage, {.cookie = cookie_of(identity_->sign_out())})->caller;
    EXPECT_TRUE(after.is_anonymous());
    EXPECT_NE(after.visitor, visitor.visitor);
}

TEST_F(IdentityTest, TheApiIgnoresThePagesCookie) {
    const std::string cookie = cookie_of(identity_->sign_in({}, "c-001"));
    EXPECT_TRUE(identify(Need::kApi, {.cookie = cookie})->caller.is_anonymous());
    make({.key_policy = KeyPolicy::kRequired});
    EXPECT_EQ(status(Need::kApi, {.cookie = cookie}), 401);
}

TEST_F(IdentityTest, AForeignPageCannotUseAnOpenApi) {
    make({.allowed_origins = {"https://shop.example"}});
    const std::string host = "127.0.0.1:8080";
    EXPECT_EQ(status(Need::kApi, {.origin = "https://evil.example", .host = host}), 403);
    EXPECT_EQ(status(Need::kApi, {.origin = "null", .host = host}), 403);
    EXPECT_EQ(status(Need::kApi, {.origin = "http://127.0.0.1:8080", .host = host}), 200);
    EXPECT_EQ(status(Need::kApi, {.origin = "https://shop.example", .host = host}), 200);
    const std::string key = add_key("user");
    EXPECT_EQ(status(Need::kApi, {.api_key = key, .origin = "https://x.example", .host = host}),
              200);
}

TEST_F(IdentityTest, ACustomerTokenWorksOnEveryFront) {
    const std::string token = shop_token(R"({"sub":"c-007","exp":1800000600})");
    const auto page = identify(Need::kPage, {.customer_token = token});
    EXPECT_EQ(page->caller.customer, "c-007");
    // The cookie outlives the token, so it must not carry its customer.
    const std::string cookie = cookie_of(*page->set_cookie);
    EXPECT_TRUE(identify(Need::kPage, {.cookie = cookie})->caller.is_anonymous());
    const auto api = identify(Need::kApi, {.api_key = add_key("user"), .customer_token = token});
    EXPECT_EQ(api->caller.owner(), (store::Owner{.tenant = "shop", .subject = "customer:c-007"}));
    // It says who the customer is, not that the caller may use the API.
    now_ += seconds(10);
    EXPECT_EQ(status(Need::kApi, {.customer_token = token}), 401);
}

TEST_F(IdentityTest, AWrongCustomerTokenIsAnErrorAndNotAnAnonymousCaller) {
    const auto code = [&](const std::string& token) {
        const auto found = identify(Need::kPage, {.customer_token = token});
        return found ? "" : std::string(found.error().client_code());
    };
    EXPECT_EQ(code(shop_token(R"({"sub":"c","exp":1799999000})")), "customer_token_expired");
    EXPECT_EQ(code("garbage"), "invalid_customer_token");
    EXPECT_EQ(code(shop_token(R"({"sub":"c","exp":1800000600})", std::string(32, 'x'))),
              "invalid_customer_token");
    EXPECT_EQ(code(shop_token(R"({"exp":1800000600})")), "invalid_customer_token");
    EXPECT_EQ(code(shop_token(R"({"sub":"a\nb","exp":1800000600})")), "invalid_customer_token");
}

TEST_F(IdentityTest, OnlyAdminsReachTheAdminRoutes) {
    EXPECT_EQ(status(Need::kAdmin, {}), 401);
    EXPECT_EQ(status(Need::kAdmin, {.api_key = add_key("user")}), 403);
    EXPECT_EQ(status(Need::kAdmin, {.api_key = add_key("service")}), 403);
    EXPECT_EQ(status(Need::kAdmin, {.api_key = add_key("admin")}), 200);
    EXPECT_EQ(status(Need::kAdmin, {.cookie = cookie_of(identity_->sign_in({}, "c"))}), 401);
    const base::Secret link = admins_->make_link_token(now_);
    const auto session = admins_->exchange(link.reveal(), now_);
    const std::string cookie = cookie_of(AdminSessions::set_cookie(session->reveal(), false));
    EXPECT_EQ(status(Need::kAdmin, {.cookie = cookie}), 200);
    EXPECT_EQ(status(Need::kApi, {.cookie = cookie}), 401);
    now_ += std::chrono::hours(12);
    EXPECT_EQ(status(Need::kAdmin, {.cookie = cookie}), 401);
}

TEST_F(IdentityTest, NoErrorRepeatsACredential) {
    const std::string canary = "planted-canary";
    const std::vector<Credentials> shown{
        {.authorization = "Bearer hk_" + canary},
        {.api_key = "hk_" + canary + std::string(29, 'x')},
        {.customer_token = canary},
        {.customer_token = shop_token(R"({"sub":"planted-canary\n","exp":1800000600})")},
        {.cookie = "hayate_page=" + canary, .origin = "https://" + canary},
        {.authorization = "Basic " + canary},
    };
    make({.key_policy = KeyPolicy::kRequired});
    for (const Credentials& credentials : shown) {
        for (const Need need : {Need::kPage, Need::kApi, Need::kAdmin}) {
            const auto found = identify(need, credentials);
            if (found) continue;
            const Error& error = found.error();
            for (const std::string& text :
                 {error.internal, error.external, error.code, error.param, error.source}) {
                EXPECT_EQ(text.find("canary"), std::string::npos) << text;
            }
        }
    }
}

TEST(CustomerKeys, ComeFromWhatTheConfigurationNames) {
    const config::Environment environment = [](const std::string& name) {
        return name == "SHOP" ? std::optional(kShopSecret) : std::nullopt;
    };
    EXPECT_TRUE(load_customer_keys({}, environment)->keys.empty());
    const auto keys =
        load_customer_keys({.hs256_secret_env = "SHOP", .issuer = "shop"}, environment);
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->issuer, "shop");
    EXPECT_EQ(keys->keys.front().algorithm(), "HS256");
    EXPECT_FALSE(load_customer_keys({.hs256_secret_env = "UNSET"}, environment));
    const std::string path = ::testing::TempDir() + "hayate_identity_test.pem";
    std::ofstream(path) << "not a key";
    EXPECT_FALSE(load_customer_keys({.rs256_public_key_file = path}, environment));
    // Without keys a token is refused, not believed.
    const auto refused = customer_of_token(shop_token(R"({"sub":"c","exp":1800000600})"), {}, 0);
    EXPECT_EQ(refused.error().client_code(), "invalid_customer_token");
}

}  // namespace
}  // namespace hayate::front
