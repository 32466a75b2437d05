#include "app/mock/mock_log.hpp"

#include <utility>

#include "core/base/deadline.hpp"
#include "core/base/json_text.hpp"
#include "core/text/utf8.hpp"

namespace hayate::mock {
namespace {

using base::append_json_string;

void append_flag(std::string& out, std::string_view name, bool value) {
    out.append(",\"").append(name).append(value ? "\":true" : "\":false");
}

void append_record(std::string& out, const MockRecord& record) {
    out += R"({"id":)";
    base::append_number(out, static_cast<int64_t>(record.id));
    out += R"(,"path":)";
    append_json_string(out, record.path);
    out += R"(,"model":)";
    append_json_string(out, record.model);
    out += R"(,"started_ms":)";
    base::append_number(out, record.started_ms);
    out += R"(,"status":)";
    base::append_number(out, int64_t{record.status});
    out += R"(,"tokens":)";
    base::append_number(out, record.tokens);
    append_flag(out, "stream", record.is_stream);
    append_flag(out, "live", record.is_live);
    append_flag(out, "finished", record.is_finished);
    append_flag(out, "closed_by_client", record.closed_by_client);
    out += R"(,"body":)";
    append_json_string(out, record.body);
    out += '}';
}

}  // namespace

uint64_t MockLog::begin(MockRecord record) {
    record.body = text::to_valid_utf8(text::utf8_prefix(record.body, limits_.body_bytes_max));
    record.path = text::to_valid_utf8(record.path);
    record.started_ms = base::unix_ms();
    const std::lock_guard lock(mutex_);
    record.id = next_id_++;
    records_.push_back(std::move(record));
    if (records_.size() > limits_.records_max) records_.pop_front();
    return records_.empty() ? 0 : records_.back().id;
}

void MockLog::end(const MockRecord& record) {
    MockRecord ended;
    {
        const std::lock_guard lock(mutex_);
        for (MockRecord& known : records_) {
            if (known.id != record.id) continue;
            known.is_live = false;
            known.status = record.status;
            known.tokens = record.tokens;
            known.is_finished = record.is_finished;
            known.closed_by_client = record.closed_by_client;
            ended = known;
        }
    }
    if (listener_) listener_(ended);
}

std::vector<MockRecord> MockLog::records() const {
    const std::lock_guard lock(mutex_);
    return {records_.begin(), records_.end()};
}

std::string MockLog::json() const {
    std::string out = R"({"requests":[)";
    for (const MockRecord& record : records()) {
        if (out.back() == '}') out += ',';
        append_record(out, record);
    }
    out += "]}";
    return out;
}

}  // namespace hayate::mock
