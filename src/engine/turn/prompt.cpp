#include "engine/turn/prompt.hpp"

#include <algorithm>
#include <array>

#include "core/text/cut.hpp"
#include "core/text/tokens.hpp"
#include "engine/turn/describe.hpp"

namespace hayate::turn {
namespace {

using model::Message;
using model::Role;

constexpr std::array<std::string_view, 3> kFences{"context", "user_preferences", "system"};

std::string fenced(std::string_view text) { return turn::fenced(text, kFences); }

/// Keeps the newest messages that fit, in whole exchanges, so that the first one is the user's.
std::vector<Message> newest_that_fit(const std::vector<Message>& history, int tokens) {
    size_t begin = history.size();
    int used = 0;
    for (size_t i = history.size(); i > 0; --i) {
        used += estimate_tokens(history[i - 1].content);
        if (used > tokens) break;
        if (history[i - 1].role == Role::kUser) begin = i - 1;
    }
    return {history.begin() + static_cast<ptrdiff_t>(begin), history.end()};
}

std::string orders_block(const PromptInput& input) {
    if (!input.is_about_order) return {};
    std::string block;
    for (const store::Order& order : input.gathered.orders) {
        block += describe_order(order, input.language) + "\n\n";
    }
    if (!block.empty()) return block;
    if (input.gathered.asked_order) {
        return "[Order: " + *input.gathered.asked_order +
               "]\nThere is no such order for this customer.\n\n";
    }
    return {};
}

/// What configured services said. Each line of theirs begins with the name of its field, so none
/// can pass for a heading.
std::string facts_block(const PromptInput& input) {
    std::string block;
    for (const gather::Fact& fact : input.gathered.facts) {
        block += "[" + fact.label + "]\n" + fact.text + "\n\n";
    }
    return block;
}

/// Which facts the question has a word for.
AskedFacts asked_facts(const PromptInput& input) {
    const std::vector<std::string> tokens = text::search_tokens(input.question);
    const auto is_asked = [&](const char* fact) {
        const auto found = input.assistant.asked_facts.find(fact);
        return found != input.assistant.asked_facts.end() &&
               std::ranges::any_of(found->second, [&](const auto& of_language) {
                   return text::has_any_phrase(tokens, of_language.second);
               });
    };
    return {.publisher = is_asked("publisher"), .magazine = is_asked("magazine")};
}

/// The best documents, each with at least its line of facts; descriptions share what is left of the
/// budget.
std::string context_block(const PromptInput& input) {
    std::string block = orders_block(input) + facts_block(input);
    const auto& documents = input.gathered.documents;
    const size_t count =
        std::min(documents.size(), static_cast<size_t>(input.assistant.context_documents));
    const AskedFacts asked = asked_facts(input);
    int left = input.budget.context_tokens - estimate_tokens(block);
    for (size_t i = 0; i < count; ++i) {
        const int share = left / static_cast<int>(count - i);
        const auto bytes_max = static_cast<size_t>(input.assistant.document_chars) * 3;
        const std::string document =
            describe_hit(documents[i], input.language, share, bytes_max, asked);
        left -= estimate_tokens(document);
        block += document + "\n\n";
    }
    for (const std::string& name : input.missing) {
        block += "[Not available: " + name + "]\nThis information could not be loaded in time.\n\n";
    }
    return block.empty() ? "(nothing was found)\n\n" : block;
}

std::string preferences_block(const PromptInput& input) {
    std::string genres;
    if (input.gathered.profile) {
        for (const std::string& genre : input.gathered.profile->favorite_genres) {
            if (!genres.empty()) genres += ", ";
            genres += genre;
        }
    }
    return "Favorite genres: " + (genres.empty() ? "unknown" : genres) +
           "\nLanguage: " + (input.language == "ja" ? "Japanese" : "English") + "\n";
}

}  // namespace

std::string fenced(std::string_view text, std::span<const std::string_view> tags) {
    std::string safe(text);
    for (const std::string_view name : tags) {
        for (const std::string& tag : {"<" + std::string(name), "</" + std::string(name)}) {
            for (size_t at = safe.find(tag); at != std::string::npos; at = safe.find(tag, at)) {
                safe.replace(at, 1, "‹");
            }
        }
    }
    return safe;
}

int estimate_tokens(std::string_view text) {
    int narrow = 0;
    int wide = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            ++narrow;
        } else if ((byte & 0xC0) == 0xC0) {
            ++wide;
        }
    }
    return narrow / 4 + wide + 1;
}

PromptBudget budget_for(const model::Pace& pace, Duration first_token_time, int answer_tokens) {
    PromptBudget budget;
    if (pace.prompt_tokens_per_s > 0) {
        const double readable = pace.prompt_tokens_per_s * base::to_ms(first_token_time) / 1000.0;
        // Never less than one compact line of facts for each of three documents.
        budget.context_tokens = std::clamp(static_cast<int>(readable), 150, 900);
        budget.history_tokens = std::clamp(static_cast<int>(readable), 150, 800);
    }
    if (pace.context_tokens > 0) {
        const int room = pace.context_tokens - answer_tokens - 500;
        budget.context_tokens = std::min(budget.context_tokens, std::max(room / 2, 100));
        budget.history_tokens = std::min(budget.history_tokens, std::max(room / 2, 0));
    }
    return budget;
}

std::vector<Message> as_messages(const std::vector<store::Turn>& history) {
    std::vector<Message> messages;
    for (const store::Turn& turn : history) {
        if (turn.answer.empty()) continue;
        messages.push_back({Role::kUser, turn.question});
        messages.push_back({Role::kAssistant, turn.answer});
    }
    return messages;
}

int estimate_tokens(const model::ModelRequest& request) {
    int tokens = estimate_tokens(request.system);
    for (const Message& message : request.messages) tokens += estimate_tokens(message.content);
    return tokens;
}

Prompt build_prompt(const PromptInput& input) {
    Prompt prompt{.context = fenced(context_block(input)), .preferences = preferences_block(input)};
    model::ModelRequest& request = prompt.request;
    request.system = input.assistant.system_prompt;
    request.max_tokens = input.assistant.max_tokens;
    request.temperature = input.assistant.temperature;
    for (Message& message : newest_that_fit(input.history, input.budget.history_tokens)) {
        request.messages.push_back({message.role, fenced(message.content)});
    }
    std::string content = "<context>\n" + prompt.context + "</context>\n\n<user_preferences>\n" +
                          preferences_block(input) + "</user_preferences>\n\nCustomer question: ";
    content += fenced(input.question);
    request.messages.push_back({Role::kUser, std::move(content)});
    return prompt;
}

}  // namespace hayate::turn
