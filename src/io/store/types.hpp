#pragma once
// What the stores hold, as plain values. Texts are valid UTF-8; times are milliseconds since 1970
// unless they are calendar days ("2026-11-24").

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hayate::store {

/// A text in the languages a shop writes for. Either may be empty; `in` falls back to the other.
struct LocalText {
    std::string en;
    std::string ja;
    [[nodiscard]] const std::string& in(std::string_view language) const {
        const std::string& wanted = language == "ja" ? ja : en;
        return wanted.empty() ? (language == "ja" ? en : ja) : wanted;
    }
};

struct Series {
    std::string id;
    LocalText title;
    std::string romaji;
    std::vector<std::string> aliases;
    std::vector<LocalText> authors;
    LocalText publisher;  // empty when unknown
    LocalText magazine;   // empty when unknown
    int start_year = 0;
    std::optional<int> end_year;
    std::string status;  // ongoing, finished, hiatus
    std::optional<int> volumes;
    std::vector<std::string> genres;
    std::string demographic;  // shonen, shojo, seinen, josei, kids
    LocalText description;
};

struct Product {
    std::string sku;
    std::string series;  // id
    std::string kind;    // volume, box_set, special_edition, art_book, fan_book
    std::string language;
    std::optional<int> volume;
    std::optional<std::pair<int, int>> volumes;  // first and last of a box set
    LocalText title;
    LocalText edition;  // empty for an ordinary volume
    int64_t price_yen = 0;
    int64_t stock = 0;
    std::string release_date;  // day
};

struct FaqEntry {
    std::string id;
    std::string topic;
    LocalText question;
    std::vector<std::string> variants_en;
    std::vector<std::string> variants_ja;
    LocalText answer;
};

/// What customers call a genre, a kind or a language.
struct WordEntry {
    std::string key;
    std::vector<std::string> words;  // of all languages
};

/// All of a shop's catalog.
struct Catalog {
    std::vector<Series> series;
    std::vector<Product> products;
    std::vector<FaqEntry> faq;
    std::vector<WordEntry> words;
};

struct Customer {
    std::string id;
    LocalText name;
    std::string language;
    LocalText city;
    std::vector<std::string> favorite_genres;
    std::vector<std::string> owned;  // skus
    int64_t points = 0;
    std::string member_since;  // day
};

struct OrderItem {
    std::string sku;
    LocalText title;  // of the product
    int64_t quantity = 1;
    int64_t price_yen = 0;
};

struct Order {
    std::string id;
    std::string customer;
    std::string placed;  // day
    /// processing, shipped, out_for_delivery, delivered, preorder, delayed, returned, cancelled,
    /// refunded
    std::string status;
    std::vector<OrderItem> items;
    int64_t shipping_yen = 0;
    int64_t total_yen = 0;
    std::string carrier;   // empty before shipping
    std::string tracking;  // empty before shipping
    std::string eta;       // day, may be empty
    std::string city;
    LocalText note;
};

/// Who owns a session: one customer of one tenant, or one anonymous visitor.
struct Owner {
    std::string tenant;
    std::string subject;  // "customer:c-001" or "visitor:<id>"
    friend bool operator==(const Owner&, const Owner&) = default;
};

enum class TurnState : uint8_t { kRunning, kComplete, kStopped, kIncomplete, kFailed };
[[nodiscard]] std::string_view name_of(TurnState state);
/// An unknown name (a newer program's) reads as incomplete.
[[nodiscard]] TurnState turn_state_of(std::string_view name);

/// What the customer said of the answer.
enum class Thumb : int8_t { kDown = -1, kNone = 0, kUp = 1 };
/// "down", "none", "up".
[[nodiscard]] std::string_view name_of(Thumb thumb);
[[nodiscard]] std::optional<Thumb> thumb_of(std::string_view name);
/// Of a stored number; one that no thumb has (a newer program's) counts as none.
[[nodiscard]] Thumb thumb_of(int64_t number);

struct Turn {
    std::string session;
    int64_t number = 0;  // from 1
    std::string client_msg_id;
    std::string response_id;
    std::string question;
    std::string answer;
    TurnState state = TurnState::kRunning;
    std::string language;
    std::string cards_json = "[]";    // as sent, for the page's reload
    std::string sources_json = "[]";  // as sent
    std::string model;
    int64_t first_word_ms = 0;
    int64_t total_ms = 0;
    int64_t created_ms = 0;
    std::optional<int64_t> regenerates;  // the turn whose question this one answers again
    Thumb thumb = Thumb::kNone;
    /// The intents between which the answer asked the customer to choose, in the order it named
    /// them; empty: it did not ask.
    std::vector<std::string> asked_back;
};

/// A turn whose answer asked back, as the reply to it needs to know.
struct AskedBack {
    std::string question;
    std::vector<std::string> intents;  // as Turn::asked_back
};

struct SessionSummary {
    std::string id;
    std::string title;  // the first question, cut
    int64_t updated_ms = 0;
    int64_t turns = 0;
};

enum class CaseKind : uint8_t { kReturn, kReplacement, kRefund, kHandOver };
/// "return", "replacement", "refund", "hand_over".
[[nodiscard]] std::string_view name_of(CaseKind kind);
/// An unknown name (a newer program's) is for a person to look at.
[[nodiscard]] CaseKind case_kind_of(std::string_view name);

/// "CASE-000123": what the customer is told, and says on the telephone.
[[nodiscard]] std::string case_id_of(int64_t number);
/// Empty for what is no such id.
[[nodiscard]] std::optional<int64_t> case_number_of(std::string_view id);

inline constexpr size_t kCaseSummaryBytesMax = 2000;
inline constexpr int kCasesPerPageMax = 200;

/// What a complaint asks for. `order` and `sku` may be empty.
struct NewCase {
    std::string response_id;  // of the answer that tells its number
    Owner owner;
    std::string session;
    CaseKind kind = CaseKind::kHandOver;
    std::string order;
    std::string sku;
    std::string summary;  // the customer's words; kept up to kCaseSummaryBytesMax
};

struct Case : NewCase {
    int64_t number = 0;  // from 1; later cases have larger ones
    std::string id;
    bool is_open = true;
    int64_t created_ms = 0;
    std::optional<int64_t> closed_ms;
};

struct CaseFilter {
    std::optional<bool> is_open;
    std::optional<Owner> owner;
};

}  // namespace hayate::store
